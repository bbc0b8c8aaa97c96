"""What HAProxy keeps from the outside: the gateways' probes, and addresses that callers claim."""

import re
from pathlib import Path

CONFIGURATION = (Path(__file__).parents[2] / "deploy" / "haproxy" / "haproxy.cfg").read_text()
PUBLIC = re.split(r"^(?=\w)", CONFIGURATION, flags=re.MULTILINE)


def _frontend() -> list[str]:
    [section] = [each for each in PUBLIC if each.startswith("frontend ")]
    return [line.strip() for line in section.splitlines()]


def test_probes_are_denied_by_the_path_as_the_gateway_decodes_it() -> None:
    [denied] = [line for line in _frontend() if line.startswith("http-request deny")]

    condition = re.fullmatch(r"http-request deny deny_status 404 if \{ (\S+) -m beg (.+) \}", denied)
    assert condition is not None
    assert condition[1] == "path,url_dec"
    assert set(condition[2].split()) == {"/livez", "/readyz", "/metrics"}


def test_the_callers_address_is_the_one_that_haproxy_sees() -> None:
    rules = _frontend()

    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert f"http-request del-header {name}" in rules
    assert rules.index("http-request del-header X-Forwarded-For") < rules.index(
        "http-request set-header X-Forwarded-For %[src]"
    )


def test_the_log_holds_no_query_because_one_time_links_have_their_secret_there() -> None:
    [defaults] = [each for each in PUBLIC if each.startswith("defaults")]
    [form] = [line.strip() for line in defaults.splitlines() if line.strip().startswith("log-format")]

    assert "option httplog" not in CONFIGURATION
    assert "%HPO" in form
    assert not re.search(r"%r\b|%HU|%HQ|%HP\b", form)
