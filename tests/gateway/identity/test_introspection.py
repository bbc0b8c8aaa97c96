"""A client learns what its own token is worth, and of everybody else's nothing (RFC 7662)."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.identity.store.withdrawals import WithdrawalStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import SigningKey
from shared.security.tokens import split_token
from shared.security.withdrawals import WithdrawalKind
from tests.gateway.browser import Asked, browser, get_code
from tests.gateway.identity.test_clients import ASSERTION_TYPE, ask, assertion
from tests.gateway.identity.test_token_exchange import allow
from tests.gateway.seed import REDIRECT
from tests.support.identities import ISSUER
from tests.support.possession import proof
from tests.support.service import ServiceUnderTest

INACTIVE = {"active": False}


async def introspect(gateway: ServiceUnderTest, token: str, by: str = "tax", **extra: str) -> dict[str, Any]:
    """Ask about a token."""
    form = {"token": token, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion(by)}
    answer = await gateway.client.post("/oauth2/introspect", data=form | extra)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, Any] = answer.json()
    return told


async def own_token(gateway: ServiceUnderTest, client_id: str = "tax") -> str:
    """A token of a client's own."""
    token: str = (await ask(gateway, assertion(client_id), scope="events.read")).json()["access_token"]
    return token


@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "refresh_token"}, {"token_type_hint": "odd"}])
async def test_a_client_learns_about_its_own_token(gateway: ServiceUnderTest, hint: dict[str, str]) -> None:
    token = await own_token(gateway)

    told = await introspect(gateway, token, **hint)

    _, claims = split_token(token)
    assert (told["active"], told["token_type"], told["scope"]) == (True, "Bearer", "events.read")
    assert {name: told[name] for name in ("iss", "sub", "client_id", "exp", "jti")} == {
        name: claims[name] for name in ("iss", "sub", "client_id", "exp", "jti")
    }


async def test_of_anothers_token_it_learns_nothing(gateway: ServiceUnderTest) -> None:
    told = await introspect(gateway, await own_token(gateway, "police"))

    assert told == INACTIVE


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30." + "A" * 86])
async def test_what_is_no_token_is_not_active(gateway: ServiceUnderTest, token: str) -> None:
    assert await introspect(gateway, token) == INACTIVE


async def test_a_withdrawn_token_is_not_active_at_once(gateway: ServiceUnderTest) -> None:
    token = await own_token(gateway)
    _, claims = split_token(token)

    async def withdraw(uow: UnitOfWork) -> None:
        await WithdrawalStore(uow.session).add(WithdrawalKind.TOKEN, claims["jti"], uow.now)

    before = await introspect(gateway, token)
    await gateway.app.state.backend.transactions.run(withdraw)

    assert before["active"] is True
    assert await introspect(gateway, token) == INACTIVE


async def test_refresh_tokens_too_until_they_are_used(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await allow(gateway, person, "openid hotline.ticket.read")
        asked = Asked(client_id="tax", scope="openid hotline.ticket.read")
        code = await get_code(person, asked)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": asked.verifier,
            "client_assertion_type": ASSERTION_TYPE,
        }
        tokens = (
            await person.post("/oauth2/token", data=form | {"client_assertion": assertion("tax")})
        ).json()
        before = await introspect(gateway, tokens["refresh_token"])
        others = await introspect(gateway, tokens["refresh_token"], by="police")
        renewal = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion("tax"),
        }
        await person.post("/oauth2/token", data=renewal)
        after = await introspect(gateway, tokens["refresh_token"])

    assert (before["active"], before["client_id"], "token_type" in before) == (True, "tax", False)
    assert (others, after) == (INACTIVE, INACTIVE)


async def test_an_expired_refresh_token_is_not_active(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await allow(gateway, person, "openid")
        asked = Asked(client_id="tax", scope="openid")
        form = {
            "grant_type": "authorization_code",
            "code": await get_code(person, asked),
            "redirect_uri": REDIRECT,
            "code_verifier": asked.verifier,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion("tax"),
        }
        tokens = (await person.post("/oauth2/token", data=form)).json()
    await gateway.rows_changed(
        "UPDATE identity_refresh_token SET expires_at = :at", at=gateway.clock() - timedelta(seconds=1)
    )

    assert await introspect(gateway, tokens["refresh_token"]) == INACTIVE


async def test_a_bound_token_says_to_which_key(gateway: ServiceUnderTest) -> None:
    key = SigningKey.generate()
    gateway.client.headers["DPoP"] = proof(key, "POST", f"{ISSUER}/oauth2/token")
    try:
        token = await own_token(gateway)
    finally:
        del gateway.client.headers["DPoP"]

    told = await introspect(gateway, token)

    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": key.kid})


async def test_a_client_without_a_key_may_not_ask(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.post("/oauth2/introspect", data={"token": "x", "client_id": "portal"})
    bare = await gateway.client.post("/oauth2/introspect", data={"token": "x"})

    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_client")
