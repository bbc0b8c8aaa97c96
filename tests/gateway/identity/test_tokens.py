"""Codes are good once, refresh tokens rotate, and whoever uses one twice loses all that came of it."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gateway.identity.use_cases.forget_expired import forget_expired
from gateway.identity.use_cases.secret_texts import digest_of
from tests.gateway.browser import Asked, browser, callback, exchange, get_code, tokens_of
from tests.gateway.seed import REDIRECT
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def _refresh(client: httpx.AsyncClient, token: str, **extra: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "portal"} | extra
    return await client.post("/oauth2/token", data=form)


async def test_a_code_used_twice_is_refused_and_the_first_tokens_are_withdrawn(
    gateway: ServiceUnderTest,
) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)
        first = (await exchange(person, code, asked)).json()
        assert (
            await person.get("/oauth2/userinfo", headers=bearer(first["access_token"]))
        ).status_code == 200

        second = await exchange(person, code, asked)
        refreshed = await _refresh(person, first["refresh_token"])

        async def withdrawn() -> bool:
            answer = await person.get("/oauth2/userinfo", headers=bearer(first["access_token"]))
            return answer.status_code == 401

        assert await eventually(withdrawn, within=5)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert (refreshed.status_code, refreshed.json()["error"]) == (400, "invalid_grant")
    [grant] = await gateway.rows(
        "SELECT grant_id::text FROM identity_grant WHERE withdrawn_because = 'code_reused'"
    )
    recorded = await gateway.event("cn.tongban.gateway.access.recorded.v1", grant["grant_id"])
    assert (recorded["data"]["resource"], recorded["data"]["result"]) == (
        "identity.authorization_code",
        "denied",
    )


async def test_of_thirty_exchanges_at_once_one_gets_tokens(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)

        answers = await asyncio.gather(*(exchange(person, code, asked) for _ in range(10)))

    assert [answer.status_code for answer in answers].count(200) == 1


async def test_a_code_expires_after_a_minute(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)
        gateway.clock.advance(timedelta(seconds=61))
        try:
            late = await exchange(person, code, asked)
        finally:
            gateway.clock.advance(-timedelta(seconds=61))

    assert late.json()["error"] == "invalid_grant"


async def test_refresh_tokens_rotate_and_reuse_withdraws_the_family(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        first = await tokens_of(person, Asked())
        second = (await _refresh(person, first["refresh_token"])).json()
        third = (await _refresh(person, second["refresh_token"])).json()

        reused = await _refresh(person, first["refresh_token"])
        newest = await _refresh(person, third["refresh_token"])

        async def withdrawn() -> bool:
            answer = await person.get("/oauth2/userinfo", headers=bearer(third["access_token"]))
            return answer.status_code == 401

        assert await eventually(withdrawn, within=5)
    assert len({t["refresh_token"] for t in (first, second, third)}) == 3
    assert (reused.json()["error"], newest.json()["error"]) == ("invalid_grant", "invalid_grant")


async def test_a_refresh_token_can_be_narrowed_but_not_widened(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        tokens = await tokens_of(person, Asked(scope="openid registration.filing.read"))

        wider = await _refresh(person, tokens["refresh_token"], scope="openid hotline.ticket.read")
        narrower = await _refresh(person, tokens["refresh_token"], scope="openid")

    assert wider.json()["error"] == "invalid_scope"
    assert narrower.json()["scope"] == "openid"


async def test_tokens_belong_to_the_client_that_got_them(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)

        stolen_code = await exchange(person, code, asked, client_id="other")
        tokens = (await exchange(person, code, asked)).json()
        stolen_token = await _refresh(person, tokens["refresh_token"], client_id="other")
        await person.post("/oauth2/revoke", data={"token": tokens["refresh_token"], "client_id": "other"})
        own = await _refresh(person, tokens["refresh_token"])

    assert stolen_code.json()["error"] == "invalid_grant"
    assert stolen_token.json()["error"] == "invalid_grant"
    assert own.status_code == 200


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_withdrawing_either_token_ends_the_grant(gateway: ServiceUnderTest, kind: str) -> None:
    async with browser(gateway.app) as person:
        tokens = await tokens_of(person, Asked(scope="openid"))

        answer = await person.post("/oauth2/revoke", data={"token": tokens[kind], "client_id": "portal"})
        refreshed = await _refresh(person, tokens["refresh_token"])

    assert answer.status_code == 200
    assert refreshed.json()["error"] == "invalid_grant"


async def test_withdrawing_what_is_not_there_succeeds(gateway: ServiceUnderTest) -> None:
    for token in ("", "nothing", "a.b.c"):
        answer = await gateway.client.post("/oauth2/revoke", data={"token": token, "client_id": "portal"})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"code_challenge": "=" * 43},
    ],
    ids=["no_challenge", "plain", "no_method", "short", "not_base64url"],
)
async def test_without_an_s256_challenge_there_is_no_code(
    gateway: ServiceUnderTest, extra: dict[str, str | None]
) -> None:
    asked = Asked(extra=extra)

    async with browser(gateway.app) as person:
        back = callback(await person.get(asked.url()))

    assert (back["error"], back["state"]) == ("invalid_request", asked.state)


@pytest.mark.parametrize("verifier", ["", "x" * 43, "short", "ü" * 43, "x" * 129])
async def test_a_wrong_verifier_gets_nothing_and_the_right_one_still_does(
    gateway: ServiceUnderTest, verifier: str
) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)

        wrong = await exchange(person, code, asked, code_verifier=verifier)
        right = await exchange(person, code, asked)

    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    assert right.status_code == 200


@pytest.mark.parametrize(
    "redirect_uri",
    [
        *(f"{REDIRECT}/extra", f"{REDIRECT}/", f"{REDIRECT}?a=b", f"{REDIRECT}#f", f"{REDIRECT}%2f..%2fx"),
        *("https://app.example:444/callback", "http://app.example/callback", "//app.example/callback"),
        *("https://APP.example/callback", "https://user@app.example/callback", "https://app.example"),
        *("https://app.example.evil.example/callback", "//evil.example", "https://evil.example/callback", ""),
        "javascript:alert(1)",
    ],
)
async def test_a_redirect_address_that_is_not_registered_gets_no_redirect(
    gateway: ServiceUnderTest, redirect_uri: str
) -> None:
    async with browser(gateway.app) as person:
        answer = await person.get(Asked(redirect_uri=redirect_uri).url())

    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")


async def test_the_redirect_address_is_checked_again_with_the_code(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid")
        code = await get_code(person, asked)

        answer = await exchange(person, code, asked, redirect_uri="https://other.example/callback")

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("extra", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "openid hotline.everything.own"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"request": "eyJ"}, "invalid_request"),
        ({"nonce": "n" * 513}, "invalid_request"),
    ],
)
async def test_a_request_that_cannot_be_answered_is_told_to_the_client(
    gateway: ServiceUnderTest, extra: dict[str, Any], error: str
) -> None:
    async with browser(gateway.app) as person:
        back = callback(await person.get(Asked(extra=extra).url()))

    assert back["error"] == error


async def test_a_parameter_that_comes_twice_is_refused(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        at_authorize = await person.get(Asked().url() + "&client_id=other")
        at_token = await person.post(
            "/oauth2/token",
            content="grant_type=refresh_token&grant_type=client_credentials&client_id=portal",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    assert at_authorize.status_code == 400
    assert "location" not in at_authorize.headers
    assert at_token.json()["error"] == "invalid_request"


async def test_the_token_endpoint_takes_forms_only(gateway: ServiceUnderTest) -> None:
    answer = await gateway.client.post("/oauth2/token", json={"grant_type": "client_credentials"})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_grant_type_that_is_not_offered_is_refused(gateway: ServiceUnderTest) -> None:
    for grant_type, error in (("password", "unsupported_grant_type"), ("", "invalid_request")):
        form = {"grant_type": grant_type, "client_id": "portal"}
        answer = await gateway.client.post("/oauth2/token", data=form)
        assert answer.json()["error"] == error
        assert answer.headers["cache-control"] == "no-store"


async def test_what_expired_long_ago_is_forgotten_and_what_lives_is_kept(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        old = await get_code(person, Asked(scope="openid"))
        tokens = await tokens_of(person, Asked(scope="openid"))
        await gateway.rows_changed(
            "UPDATE identity_code SET expires_at = now() - interval '2 days' WHERE code_digest = :digest",
            digest=digest_of(old),
        )

        await gateway.app.state.backend.transactions.run(forget_expired)
        refreshed = await _refresh(person, tokens["refresh_token"])

    assert not await gateway.rows("SELECT 1 FROM identity_code WHERE code_digest = :d", d=digest_of(old))
    assert refreshed.status_code == 200
