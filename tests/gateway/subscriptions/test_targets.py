"""Which targets webhooks may go to, without a network."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.subscriptions.domain.targets import TargetFault, TargetNotAllowed, TargetRules, is_public

STRICT = TargetRules()
INTRANET = TargetRules((ip_network("10.20.0.0/16"),))
LOCAL = TargetRules((ip_network("127.0.0.0/8"),), is_local_mode=True)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1"),
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_no_address_inside_is_public_however_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_one_forbidden_address_among_several_forbids_the_name() -> None:
    with pytest.raises(TargetNotAllowed) as refusal:
        STRICT.choose(["8.8.8.8", "10.0.0.1"])

    assert refusal.value.fault is TargetFault.ADDRESS
    assert STRICT.choose(["8.8.8.8", "1.1.1.1"]) == "8.8.8.8"


def test_a_network_that_the_operator_names_is_allowed_and_its_neighbour_is_not() -> None:
    assert INTRANET.choose(["10.20.3.4"]) == "10.20.3.4"
    with pytest.raises(TargetNotAllowed):
        INTRANET.choose(["10.21.0.1"])


@pytest.mark.parametrize(
    ("rules", "url", "fault"),
    [
        (STRICT, "http://example.org/x", TargetFault.SCHEME),
        (STRICT, "https://example.org:22/x", TargetFault.PORT),
        (STRICT, "https://example.org:99999/x", TargetFault.NOT_A_URL),
        (STRICT, "https:///x", TargetFault.NOT_A_URL),
        (STRICT, "https://example.org/#x", TargetFault.NOT_A_URL),
        (STRICT, "https://exa mple.org/", TargetFault.NOT_A_URL),
        (STRICT, "https://example.org\\@10.0.0.1/", TargetFault.NOT_A_URL),
        (STRICT, "https://a@example.org/", TargetFault.USER_INFO),
        (INTRANET, "http://10.20.0.1/x", TargetFault.SCHEME),
        (LOCAL, "ftp://127.0.0.1/x", TargetFault.SCHEME),
    ],
)
def test_a_target_is_a_plain_https_address(rules: TargetRules, url: str, fault: TargetFault) -> None:
    with pytest.raises(TargetNotAllowed) as refusal:
        rules.parse(url)

    assert refusal.value.fault is fault


def test_a_good_target_is_taken_apart() -> None:
    target = STRICT.parse("https://tax.example.org/events?from=tongban")

    assert (target.host, target.port, target.path) == ("tax.example.org", 443, "/events?from=tongban")
    assert LOCAL.parse("http://127.0.0.1:8999/x").port == 8999
