"""Too many requests and guessed passwords (W14), forged senders (A10, A11) and cookies in place of tokens (A12)."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from tests.gateway.browser import Asked, browser, sign_in
from tests.gateway.conftest import gateway_settings
from tests.gateway.seed import PASSWORD
from tests.gateway.serving import served
from tests.security.conftest import Target
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest, service_under_test

BURST = 200
SENDERS = (
    *("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "X-Forwarded-Host"),
    *("CF-Connecting-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For"),
)
IMPERSONATION = {
    "X-User-Id": "olga",
    "X-Agency": "11140881MB9Y00155B",
    "X-Internal": "1",
    "X-Original-URL": "/audit/v1/records",
    "X-Rewrite-URL": "/audit/v1/records",
    "X-Remote-User": "olga",
    "X-Tongban-Principal": "person:olga",
    "X-Forwarded-User": "olga",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def limited(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[ServiceUnderTest, int]]:
    """A gateway with the burst of production, which refills more slowly than a slow machine sends."""
    directory = tmp_path_factory.mktemp("limited")
    settings = gateway_settings(directory) | {"rate_per_second": 5.0, "rate_burst": BURST}
    async with (
        service_under_test(
            "gateway", cluster, directory, package="gateway", settings=settings, worker=False
        ) as gateway,
        served(gateway.app) as port,
    ):
        yield gateway, port


async def test_three_hundred_requests_at_once_are_cut_to_the_burst_and_others_are_untouched(
    limited: tuple[ServiceUnderTest, int],
) -> None:
    base = f"http://127.0.0.1:{limited[1]}"
    bob = bearer(person_token("bob"))
    others: list[tuple[int, float]] = []

    async def flood(client: httpx.AsyncClient, first: int) -> list[httpx.Response]:
        forged = [dict.fromkeys(SENDERS, f"10.{first}.0.{n}") for n in range(50)]
        return [await client.get("/nowhere", headers=each) for each in forged]

    async with httpx.AsyncClient(base_url=base, timeout=20) as client:
        flooding = asyncio.gather(*(flood(client, number) for number in range(6)))
        while not flooding.done():
            began = time.perf_counter()
            other = await client.get("/nowhere", headers=bob)
            others.append((other.status_code, time.perf_counter() - began))
            await asyncio.sleep(0.02)
        answers = [answer for each in await flooding for answer in each]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) == 300
    assert 50 <= len(refused) <= 100
    assert {answer.status_code for answer in answers} == {404, 429}
    for answer in refused:
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["ratelimit"].startswith('"caller";r=0;t=')
        assert answer.headers["ratelimit-policy"].startswith(f'"caller";q={BURST};w=')
        assert answer.json()["type"] == "/problems/too-many-requests"
    assert {status for status, _ in others} == {404}
    assert sorted(seconds for _, seconds in others)[len(others) // 2] < 0.5


async def test_each_wrong_password_makes_the_wait_longer_for_this_name_only(
    limited: tuple[ServiceUnderTest, int],
) -> None:
    gateway, waits = limited[0], []

    async def attempt(name: str, password: str) -> httpx.Response:
        async with browser(gateway.app, address="192.0.2.1") as guesser:
            return await sign_in(guesser, Asked(), name, password)

    for _ in range(3):
        assert (await attempt("lisi", "guess")).status_code == 403
    for _ in range(3):
        assert (await attempt("lisi", "guess")).status_code == 403
        refused = await attempt("lisi", PASSWORD)
        assert refused.status_code == 429
        waits.append(int(refused.headers["retry-after"]))
        await gateway.rows_changed("UPDATE identity_sign_in_failure SET retry_at = now()")

    assert waits == [2, 4, 8]
    assert (await attempt("zhangsan", PASSWORD)).status_code in (200, 303)


async def test_names_in_headers_and_a_session_cookie_are_no_token(
    targets: dict[str, Target], limited: tuple[ServiceUnderTest, int]
) -> None:
    async with browser(limited[0].app, address="192.0.2.2") as person:
        await sign_in(person, Asked())
        cookies = dict(person.cookies)
        assert any("session" in name for name in cookies)
        own = [
            await person.get(path, headers=IMPERSONATION)
            for path in ("/catalogue/allowed", "/matters/v1/mine")
        ]
    foreign = []
    for name in ("service", "gateway"):
        async with targets[name].client() as client:
            client.cookies.update(cookies)
            foreign.append(await client.get(targets[name].path, headers=IMPERSONATION))

    for answer in (*own, *foreign):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
