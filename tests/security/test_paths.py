"""Paths that two readers may understand differently (W13): what is served was authorised as what it is."""

import pytest

from tests.gateway.serving import RawAnswer, raw_request
from tests.security.conftest import Target
from tests.support.identities import person_token

SCOPES = {
    "service": "hotline.counter.read",
    "gateway": "hotline.counter.read",
    "matters": "matters.matter.read",
}
BASES = {
    "service": ("probe", "v1", "counters"),
    "gateway": ("hotline", "v1", "counters"),
    "matters": ("matters", "v1", "mine"),
}
"""A guarded address at the service's own port, through the gateway, and of the gateway's own front office."""

TRICKS = {
    "up and down again": "/{0}/{1}/x/../{2}",
    "up out of an open prefix": "/docs/../{0}/{1}/{2}",
    "up out of another service": "/credit/v1/../../{0}/{1}/{2}",
    "up, encoded": "/credit/v1/%2e%2e/%2e%2e/{0}/{1}/{2}",
    "up, half encoded": "/{0}/{1}/x/.%2e/{2}",
    "up, encoded twice": "/{0}/{1}/x/%252e%252e/{2}",
    "up, slash encoded": "/{0}/{1}/x/..%2f{2}",
    "up with a parameter": "/{0}/{1}/x/..;/{2}",
    "up, as UTF-8 that is too long": "/{0}/{1}/x/%c0%ae%c0%ae/{2}",
    "here": "/{0}/./{1}/{2}",
    "slash encoded": "/{0}%2f{1}%2f{2}",
    "backslash": "/{0}\\{1}\\{2}",
    "backslash encoded": "/{0}/{1}%5c{2}",
    "two slashes": "//{0}/{1}//{2}",
    "slash at the end": "/{0}/{1}/{2}/",
    "dot at the end": "/{0}/{1}/{2}.",
    "dot at the end, encoded": "/{0}/{1}/{2}%2e",
    "blank at the end": "/{0}/{1}/{2}%20",
    "another format": "/{0}/{1}/{2}.json",
    "parameter": "/{0}/{1}/{2};a=b",
    "parameter of the prefix": "/{0};a=b/{1}/{2}",
    "NUL at the end": "/{0}/{1}/{2}%00",
    "line end": "/{0}/{1}/{2}%0d%0aX-Agency:%201",
    "wide letters": "/{0}/%ef%bd%961/{2}",
    "another host": "http://other.example/{0}/{1}/{2}",
    "fragment": "/docs#/../{0}/{1}/{2}",
    "question in the path": "/{0}/{1}/{2}%3f.css",
}

# The same path by RFC 3986 section 6.2.2.2, and the same door; the gateway takes letters in disguise for none.
OPENED = {
    "service": {"prefix encoded", "rest encoded", "slash encoded"},
    "gateway": set(),
    "matters": set(),
}


def _other_letters(first: str, version: str, last: str) -> dict[str, str]:
    return {
        "upper case": f"/{first}/{version}/{last}".upper(),
        "prefix encoded": f"/{_encoded(first)}/{version}/{last}",
        "rest encoded": f"/{first}/{version}/{_encoded(last)}",
    }


def _encoded(text: str) -> str:
    return "".join(f"%{ord(letter):02x}" for letter in text)


async def _ask(port: int, path: str, *scopes: str) -> RawAnswer:
    token = f"Authorization: Bearer {person_token('ann', *scopes)}\r\n" if scopes else ""
    return await raw_request(
        port, f"GET {path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n{token}\r\n".encode()
    )


@pytest.mark.parametrize("door", BASES)
async def test_no_way_of_writing_a_path_gets_past_its_door(targets: dict[str, Target], door: str) -> None:
    port = targets["service" if door == "service" else "gateway"].port
    forms = {what: form.format(*BASES[door]) for what, form in TRICKS.items()} | _other_letters(*BASES[door])
    opened, faults = set(), []

    for what, path in forms.items():
        nobody = await _ask(port, path)
        without = await _ask(port, path, "none.none.none")
        with_scope = await _ask(port, path, SCOPES[door])
        told = (nobody.status, without.status, with_scope.status)
        if with_scope.status < 300:
            opened.add(what)
        is_guarded = told == (401, 403, 200)
        if not is_guarded and not set(told) <= {400, 404}:
            faults.append(f"{what} {path}: {told}")

    assert faults == []
    assert opened == OPENED[door]


@pytest.mark.parametrize(
    "path",
    ["/x/../readyz", "/metrics;x", "//metrics", "/hotline/v1/../../metrics", "/%6detrics", "/metric%73"],
)
async def test_no_trick_leads_to_what_is_for_the_inside(targets: dict[str, Target], path: str) -> None:
    answer = await _ask(targets["gateway"].port, path)

    assert answer.status in (400, 404)
