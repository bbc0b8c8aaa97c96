"""One sign-in opens every service; what is withdrawn, and what a removed key signed, is refused at each within seconds.

S16, S17, S22; the services are the real ones, on their own ports, and ask the gateway for keys and withdrawals.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import SigningKey
from shared.security.possession import BOUND_TOKEN_CHALLENGE, CHALLENGE
from shared.security.tokens import split_token
from shared.security.withdrawals import WithdrawalKind
from tests.gateway.browser import Asked, browser, tokens_of
from tests.gateway.city import LIST_SCOPES, LISTS, OFFICER, City, city
from tests.gateway.identity.test_clients import ask, assertion
from tests.support.identities import ISSUER, bearer
from tests.support.possession import bound, proof
from tests.support.waiting import eventually

WITHIN_SECONDS = 5.0
RATE = 200
PUBLISHED_SECONDS = 2.5  # longer than a service keeps the key set


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def suite(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """The gateway and four services."""
    directory = tmp_path_factory.mktemp("city")
    async with city(cluster, directory, key_publication_seconds=PUBLISHED_SECONDS) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client with kept connections."""
    async with httpx.AsyncClient(timeout=20) as client:
        yield client


async def sign_in(suite: City, person: httpx.AsyncClient) -> dict[str, Any]:
    """The officer's tokens for every service, from one sign-in."""
    return await tokens_of(person, Asked(scope=f"openid {LIST_SCOPES}"), OFFICER)


async def refused_everywhere(suite: City, http: httpx.AsyncClient, token: str) -> None:
    """Wait until every door is shut, and see that none took longer than it may."""
    began = time.monotonic()

    async def shut() -> bool:
        return await suite.are_shut(http, bearer(token))

    await eventually(shut, within=WITHIN_SECONDS)
    assert time.monotonic() - began <= WITHIN_SECONDS


async def test_one_token_opens_all_four_services(suite: City, http: httpx.AsyncClient) -> None:
    async with browser(suite.gateway.app) as person:
        tokens = await sign_in(suite, person)

    answers = await suite.answers(http, bearer(tokens["access_token"]))

    assert answers == dict.fromkeys(suite.doors, 200)


async def _withdraw_token(suite: City, person: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
    form = {"token": tokens["access_token"], "client_id": "portal"}
    assert (await person.post("/oauth2/revoke", data=form)).status_code == 200


async def _sign_out(suite: City, person: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
    parameters = {"id_token_hint": tokens["id_token"]}
    assert (await person.get("/oauth2/logout", params=parameters)).status_code == 200


async def _reuse_refresh_token(suite: City, person: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"],
        "client_id": "portal",
    }
    assert [(await person.post("/oauth2/token", data=form)).status_code for _ in range(2)] == [200, 400]


async def _close_account(suite: City, person: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
    _, claims = split_token(tokens["access_token"])
    await withdraw(suite, WithdrawalKind.SUBJECT, claims["sub"])


async def withdraw(suite: City, kind: WithdrawalKind, value: str) -> None:
    """Withdraw everything of this name, as the management of accounts and clients does."""

    async def add(uow: UnitOfWork) -> None:
        await WithdrawalStore(uow.session).add(kind, value, uow.now)

    await suite.gateway.app.state.backend.transactions.run(add)


@pytest.mark.parametrize(
    "ending", [_withdraw_token, _sign_out, _reuse_refresh_token, _close_account], ids=lambda f: f.__name__
)
async def test_what_is_withdrawn_is_refused_at_every_door(
    suite: City,
    http: httpx.AsyncClient,
    ending: Callable[[City, httpx.AsyncClient, dict[str, Any]], Awaitable[None]],
) -> None:
    async with browser(suite.gateway.app) as person:
        tokens = await sign_in(suite, person)
        before = await suite.answers(http, bearer(tokens["access_token"]))

        await ending(suite, person, tokens)

        await refused_everywhere(suite, http, tokens["access_token"])
    assert set(before.values()) == {200}


async def test_a_suspended_clients_tokens_are_refused_at_every_door(
    suite: City, http: httpx.AsyncClient
) -> None:
    scopes = "registration.filing.read credit.subject.read licensing.application.read hotline.ticket.read"
    own = (await ask(suite.gateway, assertion("administrative_approval"), scope=scopes)).json()
    others = (await ask(suite.gateway, assertion("market_supervision"), scope="credit.subject.read")).json()
    before = await suite.answers(http, bearer(own["access_token"]))

    await withdraw(suite, WithdrawalKind.CLIENT, "administrative_approval")

    await refused_everywhere(suite, http, own["access_token"])
    credit = await http.get(suite.doors["credit"], headers=bearer(others["access_token"]))
    assert set(before.values()) == {200}
    assert credit.status_code == 200


async def _bureau(suite: City) -> str:
    answer = await ask(suite.gateway, assertion("data_bureau"), scope="identity.key.manage")
    token: str = answer.json()["access_token"]
    return token


async def _agency_token(suite: City) -> str:
    answer = await ask(suite.gateway, assertion("market_supervision"), scope="credit.subject.read")
    token: str = answer.json()["access_token"]
    return token


async def test_a_bound_token_opens_doors_with_its_keys_fresh_proof_only(
    suite: City, http: httpx.AsyncClient
) -> None:
    """S22; a service compares with the public address, whichever way the request came."""
    key, other = SigningKey.generate(), SigningKey.generate()
    suite.gateway.client.headers["DPoP"] = proof(key, "POST", f"{ISSUER}/oauth2/token")
    token = await _agency_token(suite)
    del suite.gateway.client.headers["DPoP"]
    address = f"{ISSUER}{LISTS['credit'].partition('?')[0]}"
    for door in ("credit", "gateway/credit"):

        async def ask_with(
            headers: dict[str, str] | None = None, door: str = door, **made: Any
        ) -> tuple[int, str, str | None]:
            told: dict[str, Any] = {"key": key, "method": "GET", "url": address, "token": token} | made
            sent = bound(token, proof(**told)) if headers is None else headers
            answer = await http.get(suite.doors[door], headers=sent)
            challenge = answer.headers.get("www-authenticate", "")
            return answer.status_code, challenge, answer.headers.get("x-tongban-origin")

        once = bound(token, proof(key, "GET", address, token))
        good, again = await ask_with(once), await ask_with(once)
        as_bearer, without = await ask_with(bearer(token)), await ask_with(bound(token, None))
        bad = [
            *[again, without, await ask_with(key=other), await ask_with(method="POST")],
            *[await ask_with(url=f"{ISSUER}/credit/v1/records"), await ask_with(token="another")],
            await ask_with(iat=int(time.time()) - 300),
        ]

        refuser = "gateway" if door == "gateway/credit" else None
        assert good[0] == 200
        assert as_bearer == (401, BOUND_TOKEN_CHALLENGE, refuser)
        assert bad == [(401, CHALLENGE, refuser)] * len(bad)


class _Load:
    """Some two hundred requests a second with every token there is, old and new, at the gateway and at a service."""

    def __init__(self, suite: City, http: httpx.AsyncClient) -> None:
        self.tokens: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._doors = [suite.doors["credit"], suite.doors["gateway/credit"]]
        self._http = http
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask at a steady pace until stopped."""
        sent, began, asking = 0, time.monotonic(), set()
        while not self._stopping.is_set():
            task = asyncio.create_task(self._ask(self._doors[sent % 2], self.tokens[sent % len(self.tokens)]))
            asking.add(task)
            task.add_done_callback(asking.discard)
            sent += 1
            await asyncio.sleep(max(0.0, began + sent / RATE - time.monotonic()))
        await asyncio.gather(*asking)

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()

    async def _ask(self, url: str, token: str) -> None:
        answer = await self._http.get(url, headers=bearer(token))
        self.statuses[answer.status_code] += 1


async def test_keys_are_replaced_under_load_without_one_refused_good_token(
    suite: City, http: httpx.AsyncClient
) -> None:
    load = _Load(suite, http)
    load.tokens.append(await _agency_token(suite))
    first_kid = split_token(load.tokens[0])[0]["kid"]
    running = asyncio.create_task(load.run())

    kids = {first_kid}
    for _ in range(2):
        rotated = await suite.gateway.post("/identity/v1/signing-keys", {}, await _bureau(suite))
        assert rotated.status_code == 201, rotated.text

        async def new_key_signs() -> bool:
            token = await _agency_token(suite)
            kid = split_token(token)[0]["kid"]
            if kid in kids:
                return False
            kids.add(kid)
            load.tokens.append(token)
            return True

        await eventually(new_key_signs, within=10)
    load.stop()
    await running

    assert len(kids) == 3
    assert set(load.statuses) == {200}
    assert load.statuses.total() > RATE / 2


async def test_what_a_compromised_key_signed_is_refused_at_every_door_and_work_goes_on(
    suite: City, http: httpx.AsyncClient
) -> None:
    async with browser(suite.gateway.app) as person:
        tokens = await sign_in(suite, person)
        before = await suite.answers(http, bearer(tokens["access_token"]))

        replaced = await suite.gateway.post(
            "/identity/v1/signing-keys", {"compromised": True}, await _bureau(suite)
        )

        await refused_everywhere(suite, http, tokens["access_token"])
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        renewed = (await person.post("/oauth2/token", data=form | {"client_id": "portal"})).json()
    after = await suite.answers(http, bearer(renewed["access_token"]))
    assert replaced.status_code == 201, replaced.text
    assert set(before.values()) == {200}
    assert set(after.values()) == {200}
