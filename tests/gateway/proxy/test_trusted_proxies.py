"""Whose request it is behind a proxy: the address that the trusted proxy names, and nobody else's word."""

from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.proxy.peers import TrustedProxies
from gateway.proxy.straight import StraightWay
from gateway.settings import GatewaySettings
from tests.gateway.browser import Asked, sign_in
from tests.gateway.proxy.upstreams import Echo
from tests.gateway.seed import PASSWORD
from tests.support.identities import ISSUER
from tests.support.service import ServiceUnderTest

PROXY, SOMEBODY = "127.0.0.1", "127.0.0.9"
"""Two senders that the gateway's socket tells apart; only the first is trusted."""
BURST = 8
FORWARDED, OWN = "/registration/v1/x", "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def taken() -> Iterator[list[bool]]:
    """Which of the requests that were offered to the short way it took."""
    answers: list[bool] = []
    take = StraightWay.take

    def noting(self: StraightWay, *request: Any) -> bool:
        answers.append(take(self, *request))
        return answers[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StraightWay, "take", noting)
        yield answers


@pytest.fixture(scope="module")
def extra_settings(extra_settings: dict[str, Any], taken: list[bool]) -> dict[str, Any]:
    """A proxy in front, and a limit that is met quickly and refills slowly enough to be seen."""
    limits = {"rate_per_second": 0.01, "rate_burst": BURST}
    return extra_settings | limits | {"trusted_proxies": f"{PROXY}, 2001:db8:ffff::/48"}


Talk = Callable[[str], httpx.AsyncClient]


@pytest.fixture
def through(port: int) -> Talk:
    """Connections to the gateway from an address of this machine."""

    def talk(sender: str) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(local_address=sender)
        return httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{port}", timeout=10)

    return talk


async def _statuses(client: httpx.AsyncClient, path: str, named: Iterable[str]) -> list[int]:
    return [(await client.get(path, headers={"X-Forwarded-For": each})).status_code for each in named]


@pytest.mark.parametrize(("path", "network"), [(FORWARDED, "192.0.2"), (OWN, "198.51.100")])
async def test_behind_a_trusted_proxy_one_flooder_shuts_out_nobody(
    through: Talk, path: str, network: str
) -> None:
    async with through(PROXY) as proxy:
        flood = await _statuses(proxy, path, [f"203.0.113.66, {network}.1"] * (BURST + 3))
        other = await _statuses(proxy, path, [f"203.0.113.66, {network}.2"])

    assert flood == [200] * BURST + [429] * 3
    assert other == [200]


@pytest.mark.parametrize(("path", "network"), [(FORWARDED, "2001:db8:1"), (OWN, "2001:db8:2")])
async def test_all_addresses_of_an_ipv6_network_are_one_caller(
    through: Talk, path: str, network: str
) -> None:
    async with through(PROXY) as proxy:
        flood = await _statuses(proxy, path, [f"{network}:1::{number:x}" for number in range(BURST + 3)])
        next_door = await _statuses(proxy, path, [f"{network}:2::1"])

    assert flood == [200] * BURST + [429] * 3
    assert next_door == [200]


@pytest.mark.parametrize("path", [FORWARDED, OWN])
async def test_what_anybody_else_says_of_an_address_is_not_believed(through: Talk, path: str) -> None:
    sender = SOMEBODY if path == OWN else "127.0.0.10"

    async with through(sender) as somebody:
        forged = await _statuses(somebody, path, [f"203.0.113.{number}" for number in range(BURST + 3)])

    assert forged == [200] * BURST + [429] * 3


async def test_the_service_is_told_the_same_address_on_the_long_way_and_the_short(
    through: Talk, echo: Echo, taken: list[bool]
) -> None:
    named = {
        "203.0.113.7": "203.0.113.7",
        "6.6.6.6, 203.0.113.8": "203.0.113.8",
        "6.6.6.6, 203.0.113.9, 2001:db8:ffff::1": "203.0.113.9",
        "::ffff:203.0.113.10": "203.0.113.10",
        "6.6.6.6, unknown": PROXY,
    }
    before = len(echo.received) + 1

    async with through(PROXY) as proxy:
        await _statuses(proxy, FORWARDED, ["203.0.113.6"])  # so that a connection to the service is kept
        taken.clear()
        for each in named:
            for method in ("POST", "GET"):
                await proxy.request(method, FORWARDED, headers={"X-Forwarded-For": each})

    told = [dict(seen["headers"])["x-forwarded-for"] for seen in echo.received[before:]]
    assert told == [address for address in named.values() for _ in range(2)]
    assert taken == [True] * len(named)  # what may have a body is not even offered


async def test_wrong_passwords_from_one_caller_make_no_other_behind_the_proxy_wait(
    gateway: ServiceUnderTest,
) -> None:
    async def attempt(caller: str, name: str, password: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=gateway.app, client=(PROXY, 50000))
        headers = {"X-Forwarded-For": caller}
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER, headers=headers) as person:
            return await sign_in(person, Asked(), name, password)

    guessed = await attempt("203.0.113.20", "nobody", "guess")
    await gateway.rows_changed("UPDATE identity_sign_in_failure SET retry_at = now() + interval '1 hour'")
    again = await attempt("203.0.113.20", "zhangsan", PASSWORD)
    other = await attempt("203.0.113.21", "zhangsan", PASSWORD)

    assert (guessed.status_code, again.status_code) == (403, 429)
    assert other.status_code in (200, 303)


ADDRESSES = st.ip_addresses(network=ip_network("10.0.0.0/8")).map(str)
OUTSIDE = st.ip_addresses(v=4).filter(lambda address: address not in ip_network("10.0.0.0/8")).map(str)


@given(st.lists(ADDRESSES | OUTSIDE | st.text(max_size=9)), OUTSIDE, st.lists(ADDRESSES), ADDRESSES)
def test_nothing_left_of_the_first_stranger_counts(
    forged: list[str], stranger: str, proxies: list[str], peer: str
) -> None:
    trusted = TrustedProxies([ip_network("10.0.0.0/8")])

    assert trusted.caller(peer, [*forged, stranger, *proxies]) == stranger
    assert trusted.caller(stranger, [*forged, *proxies]) == stranger
    assert trusted.caller(peer, proxies) == (proxies[0] if proxies else peer)
    assert trusted.caller(peer, [*forged, "no address", *proxies]) == (proxies[0] if proxies else peer)


@pytest.mark.parametrize("networks", ["haproxy", "10.0.0.1/8", "0.0.0.0/0", "10.0.0.1, ::/0"])
def test_networks_that_cannot_be_meant_stop_the_gateway_at_its_start(
    networks: str, gateway: ServiceUnderTest
) -> None:
    given = gateway.settings.model_dump() | {"trusted_proxies": networks}

    with pytest.raises(ValidationError, match="trusted_proxies"):
        GatewaySettings(**given)
