"""Tokens that are worth nothing without the key to which they are bound (RFC 9449; S22)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from gateway.identity.use_cases.forget_expired import forget_expired
from shared.security.keys import SigningKey
from shared.security.possession import Asked as Request
from shared.security.possession import ProofRefused, read_proof
from shared.security.tokens import TokenVerifier
from tests.gateway.browser import Asked, browser, callback, exchange, get_code
from tests.gateway.identity.test_clients import ASSERTION_TYPE, ask, assertion
from tests.gateway.identity.test_par import Pushed, push
from tests.support.identities import ISSUER, KEYS, bearer
from tests.support.possession import bound, proof, public_members
from tests.support.service import ServiceUnderTest

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TOKEN_URL = f"{ISSUER}/oauth2/token"
USERINFO = f"{ISSUER}/oauth2/userinfo"


def at_token(key: SigningKey = KEY, **changes: Any) -> dict[str, str]:
    """Headers of a call to the token endpoint."""
    return {"DPoP": proof(key, "POST", TOKEN_URL, **changes)}


async def exchanged(
    person: httpx.AsyncClient, asked: Asked, headers: dict[str, str], code: str | None = None
) -> httpx.Response:
    """Exchange a code with a proof."""
    person.headers.update(headers)
    try:
        return await exchange(person, code or await get_code(person, asked), asked)
    finally:
        del person.headers["DPoP"]


async def refresh(person: httpx.AsyncClient, token: str, headers: dict[str, str]) -> httpx.Response:
    """Use a refresh token."""
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "portal"}
    return await person.post("/oauth2/token", data=form, headers=headers)


@asynccontextmanager
async def requiring_proof(gateway: ServiceUnderTest, client_id: str) -> AsyncIterator[None]:
    """Mark a client, as its registration would."""
    statement = "UPDATE identity_client SET requires_dpop = :required WHERE client_id = :id"
    await gateway.rows_changed(statement, required=True, id=client_id)
    try:
        yield
    finally:
        await gateway.rows_changed(statement, required=False, id=client_id)


async def test_tokens_of_a_public_client_are_bound_to_its_key(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        answer = await exchanged(person, Asked(scope="openid"), at_token())
        tokens = answer.json()
        token = tokens["access_token"]

        good = await person.get("/oauth2/userinfo", headers=bound(token, proof(KEY, "GET", USERINFO, token)))
        without = await refresh(person, tokens["refresh_token"], {})
        stolen = await refresh(person, tokens["refresh_token"], at_token(OTHER))
        own = await refresh(person, tokens["refresh_token"], at_token())

    principal = await TokenVerifier(issuer=ISSUER, audience="gateway", keys=KEYS).verify(token)
    assert tokens["token_type"] == "DPoP"
    assert principal.facts.key_thumbprint == KEY.kid
    assert good.status_code == 200, good.text
    assert (without.json()["error"], stolen.json()["error"]) == ("invalid_grant", "invalid_grant")
    assert own.json()["token_type"] == "DPoP"


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"proof": None},
        {"key": OTHER},
        {"method": "POST"},
        {"url": f"{ISSUER}/oauth2/token"},
        {"url": "https://elsewhere.example/oauth2/userinfo"},
        {"token": "another"},
        {"token": None},
        {"made_before_seconds": 300},
        {"made_before_seconds": -300},
        {"jti": None},
        {"header": {"typ": "JWT"}},
        {"header": {"alg": "HS256"}},
        {"header": {"alg": "none"}},
        {"header": {"jwk": public_members(OTHER)}},
        {"header": {"jwk": None}},
        {"header": {"kid": "x"}},
    ],
    ids=lambda made: "-".join(made) or "as it should be",
)
async def test_a_bound_token_without_its_own_fresh_proof_is_refused(
    gateway: ServiceUnderTest, made: dict[str, Any]
) -> None:
    text = await _bound_token(gateway)
    told: dict[str, Any] = {"key": KEY, "method": "GET", "url": USERINFO, "token": text} | made
    if "made_before_seconds" in told:
        told["iat"] = int(time.time()) - told.pop("made_before_seconds")
    proof_text = None if "proof" in made else proof(**told)

    if made:
        answer = await gateway.client.get("/oauth2/userinfo", headers=bound(text, proof_text))
    else:
        answer = await gateway.client.get("/oauth2/userinfo", headers=bearer(text))

    challenge = answer.headers["www-authenticate"]
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert challenge.startswith("DPoP error=" + ('"invalid_dpop_proof"' if made else '"invalid_token"'))
    assert 'algs="ES256"' in challenge


async def _bound_token(gateway: ServiceUnderTest) -> str:
    gateway.client.headers.update(at_token())
    try:
        answer = await ask(gateway, assertion("police"), scope="events.read")
    finally:
        del gateway.client.headers["DPoP"]
    token: str = answer.json()["access_token"]
    return token


async def test_a_proof_is_good_once_at_a_resource(gateway: ServiceUnderTest) -> None:
    token = await _bound_token(gateway)
    headers = bound(token, proof(KEY, "GET", f"{ISSUER}/audit/v1/records", token))

    answers = [await gateway.client.get("/audit/v1/records", headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [403, 401]


async def test_a_proof_is_good_once_at_the_token_endpoint_however_many_come_at_once(
    gateway: ServiceUnderTest,
) -> None:
    headers = at_token()

    async def once() -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion("police"),
            "scope": "events.read",
        }
        return await gateway.client.post("/oauth2/token", data=form, headers=headers)

    answers = await asyncio.gather(*(once() for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_dpop_proof"}
    await gateway.rows_changed("UPDATE identity_proof SET expires_at = now() - interval '1 minute'")
    await gateway.app.state.backend.transactions.run(forget_expired)
    assert await gateway.rows("SELECT 1 FROM identity_proof") == []


async def test_an_unbound_token_is_not_taken_as_a_bound_one(gateway: ServiceUnderTest) -> None:
    token = (await ask(gateway, assertion("police"), scope="events.read")).json()["access_token"]

    answer = await gateway.client.get(
        "/oauth2/userinfo", headers=bound(token, proof(KEY, "GET", USERINFO, token))
    )

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_client_marked_so_gets_no_token_without_a_proof(gateway: ServiceUnderTest) -> None:
    async with requiring_proof(gateway, "police"):
        bare = await ask(gateway, assertion("police"), scope="events.read")
        token = await _bound_token(gateway)

    assert (bare.status_code, bare.json()["error"]) == (400, "invalid_dpop_proof")
    assert token


async def test_a_code_bound_to_a_key_is_worth_nothing_without_it(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        asked = Asked(scope="openid", extra={"dpop_jkt": KEY.kid})
        code = await get_code(person, asked)

        bare = await exchange(person, code, asked)
        other = await exchanged(person, asked, at_token(OTHER), code)
        own = await exchanged(person, asked, at_token(), code)

    assert (bare.json()["error"], other.json()["error"]) == ("invalid_grant", "invalid_grant")
    assert own.status_code == 200, own.text


async def test_a_proof_with_the_pushed_request_binds_its_code(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        await get_code(person, Asked(scope="openid"))
        asked = Asked(scope="openid")
        person.headers["DPoP"] = proof(KEY, "POST", f"{ISSUER}/oauth2/par")
        pushed = await push(person, asked)
        del person.headers["DPoP"]
        back = callback(await person.get(Pushed(pushed.json()["request_uri"]).url()))

        bare = await exchange(person, back["code"], asked)
        own = await exchanged(person, asked, at_token(), back["code"])

    assert bare.json()["error"] == "invalid_grant"
    assert own.status_code == 200, own.text


@pytest.mark.parametrize(
    ("claimed", "is_same"),
    [
        ("https://city.example/hotline/v1/tickets", True),
        ("HTTPS://CITY.example:443/hotline/v1/tickets?x=1#f", True),
        ("https://city.example/hotline/v1/%74ickets", True),
        ("https://city.example/hotline/v1/tickets/", False),
        ("http://city.example/hotline/v1/tickets", False),
        ("https://city.example:8443/hotline/v1/tickets", False),
        ("https://user@city.example/hotline/v1/tickets", False),
        ("https://city.example:port/hotline/v1/tickets", False),
        ("/hotline/v1/tickets", False),
        (None, False),
        (7, False),
    ],
)
def test_the_address_of_a_proof_is_compared_by_what_it_means(claimed: Any, is_same: bool) -> None:
    text = proof(KEY, "GET", "", htu=claimed)
    asked = Request("GET", "https://city.example/hotline/v1/tickets")

    if is_same:
        assert read_proof(text, asked, int(time.time())).thumbprint == KEY.kid
    else:
        with pytest.raises(ProofRefused):
            read_proof(text, asked, int(time.time()))
