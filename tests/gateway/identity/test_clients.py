"""An agency's client proves itself by an assertion signed with its key, each good once."""

import base64
import json
import secrets
import time
from typing import Any

import httpx
import pytest

from shared.security.keys import SigningKey, encode_base64url
from shared.security.tokens import TokenVerifier
from tests.gateway.seed import AGENCY_KEYS
from tests.support.identities import ISSUER, KEYS
from tests.support.service import ServiceUnderTest

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def signed(header: dict[str, Any], claims: dict[str, Any], key: SigningKey) -> str:
    """A compact JWS whatever its header says."""
    parts = [encode_base64url(json.dumps(part).encode()) for part in (header, claims)]
    return ".".join([*parts, encode_base64url(key.sign(".".join(parts).encode()))])


def assertion(
    client_id: str = "tax",
    *,
    key: SigningKey | None = None,
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A good assertion, but for what is given otherwise; None leaves a member out."""
    signing = key or AGENCY_KEYS[client_id]
    now = int(time.time())
    head = {"alg": "ES256", "kid": signing.kid, "typ": "client-authentication+jwt"} | (header or {})
    body = {
        "iss": client_id,
        "sub": client_id,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": secrets.token_urlsafe(16),
    } | claims
    return signed(
        {k: v for k, v in head.items() if v is not None},
        {k: v for k, v in body.items() if v is not None},
        signing,
    )


async def ask(gateway: ServiceUnderTest, proof: str, **extra: str) -> httpx.Response:
    """Ask for a token in the client's own name."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": proof,
    }
    return await gateway.client.post("/oauth2/token", data=form | extra)


async def test_an_agencys_token_names_its_agency_and_its_scopes(gateway: ServiceUnderTest) -> None:
    answer = await ask(gateway, assertion(), scope="registration.enterprise.read matters.task.handle")

    tokens = answer.json()
    assert answer.status_code == 200, answer.text
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert not {"refresh_token", "id_token"} & set(tokens)
    verifier = TokenVerifier(issuer=ISSUER, audience="registration", keys=KEYS)
    principal = await verifier.verify(tokens["access_token"])
    assert (principal.subject, principal.client_id, principal.is_person) == ("tax", "tax", False)
    assert principal.agency == gateway.app.state.region.agency("tax").uscc
    assert principal.scopes == {"registration.enterprise.read", "matters.task.handle"}


@pytest.mark.parametrize(
    "made",
    [
        {"aud": f"{ISSUER}/oauth2/token"},
        {"aud": [ISSUER]},
        {"header": {"typ": "JWT"}},
        {"header": {"kid": None, "typ": None}},
    ],
    ids=["token_endpoint", "list_of_one", "plain_jwt", "bare_header"],
)
async def test_what_certified_client_libraries_send_is_accepted(
    gateway: ServiceUnderTest, made: dict[str, Any]
) -> None:
    answer = await ask(gateway, assertion(**made), scope="events.read")

    assert answer.status_code == 200, answer.text


async def test_an_assertion_is_good_once(gateway: ServiceUnderTest) -> None:
    proof = assertion()

    first = await ask(gateway, proof, scope="events.read")
    second = await ask(gateway, proof, scope="events.read")

    assert first.status_code == 200
    assert (second.status_code, second.json()["error"]) == (401, "invalid_client")
    assert "used before" in second.json()["error_description"]


async def test_an_assertion_that_brought_no_token_is_used_up_too(gateway: ServiceUnderTest) -> None:
    proof = assertion()

    first = await ask(gateway, proof, scope="registration.filing.decide")
    second = await ask(gateway, proof, scope="events.read")

    assert first.json()["error"] == "invalid_scope"
    assert second.json()["error"] == "invalid_client"


STRANGER = SigningKey.generate()
NOW = int(time.time())


@pytest.mark.parametrize(
    "made",
    [
        {"key": STRANGER},
        {"key": STRANGER, "header": {"kid": AGENCY_KEYS["tax"].kid}},
        {"key": AGENCY_KEYS["police"]},
        {"header": {"kid": "../../dev/null"}},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256"}},
        {"header": {"typ": "at+jwt"}},
        {"header": {"jku": "http://127.0.0.1:9/keys"}},
        {"header": {"jwk": STRANGER.public_jwk()}, "key": STRANGER},
        {"aud": "https://elsewhere.example"},
        {"aud": [ISSUER, "https://elsewhere.example"]},
        {"aud": None},
        {"iss": "police"},
        {"sub": "police"},
        {"sub": "nobody", "iss": "nobody"},
        {"sub": "portal", "iss": "portal"},
        {"exp": NOW - 120},
        {"exp": NOW + 86_400},
        {"exp": None},
        {"exp": True},
        {"exp": float(NOW + 60)},
        {"iat": NOW + 3600},
        {"nbf": NOW + 3600},
        {"jti": None},
        {"jti": "short"},
        {"jti": "x" * 129},
        {"jti": 12345678},
    ],
)
async def test_an_assertion_that_proves_nothing_is_refused(
    gateway: ServiceUnderTest, made: dict[str, Any]
) -> None:
    answer = await ask(gateway, assertion(**made), scope="events.read")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"]


@pytest.mark.parametrize("proof", ["", "x", "a.b.c", "e30.e30.", "e30.e30." + "A" * 86, "x" * 9000])
async def test_what_is_no_assertion_is_refused(gateway: ServiceUnderTest, proof: str) -> None:
    answer = await ask(gateway, proof, client_id="tax")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_an_altered_assertion_is_refused(gateway: ServiceUnderTest) -> None:
    header, claims, signature = assertion().split(".")
    body = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    altered = encode_base64url(json.dumps(body | {"sub": "police", "iss": "police"}).encode())

    answer = await ask(gateway, f"{header}.{altered}.{signature}")

    assert answer.json()["error"] == "invalid_client"


async def test_a_client_with_a_key_cannot_pass_as_a_public_one(gateway: ServiceUnderTest) -> None:
    form = {"grant_type": "client_credentials", "client_id": "tax", "scope": "events.read"}

    bare = await gateway.client.post("/oauth2/token", data=form)
    basic = await gateway.client.post("/oauth2/token", data=form, auth=("tax", "secret"))
    secret = await gateway.client.post("/oauth2/token", data=form | {"client_secret": "x"})
    named_otherwise = await ask(gateway, assertion(), client_id="police")
    wrong_type = await ask(gateway, assertion(), client_assertion_type="urn:x")

    answers = (bare, basic, secret, named_otherwise, wrong_type)
    assert [(a.status_code, a.json()["error"]) for a in answers] == [(401, "invalid_client")] * 5


async def test_a_public_client_has_no_token_of_its_own(gateway: ServiceUnderTest) -> None:
    form = {"grant_type": "client_credentials", "client_id": "portal", "scope": "credit.subject.read"}

    answer = await gateway.client.post("/oauth2/token", data=form)

    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


async def test_a_client_gets_no_scope_that_it_is_not_registered_for(gateway: ServiceUnderTest) -> None:
    for scope in ("registration.filing.decide", "openid", "events.read catalogue.grant.manage"):
        answer = await ask(gateway, assertion(), scope=scope)
        assert answer.json()["error"] == "invalid_scope"
