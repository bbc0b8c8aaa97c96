"""Authlib, a client library that knows nothing of this suite, signs in by the discovery document alone."""

import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.gateway.browser import browser, callback, consent, sign_in
from tests.gateway.seed import AGENCY_KEYS, REDIRECT
from tests.support.identities import ISSUER
from tests.support.service import ServiceUnderTest


class _Link:
    """An authorization URL that the library made."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._url = f"{parts.path}?{parts.query}"

    def url(self) -> str:
        return self._url


async def test_a_person_signs_in_through_authlib(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as person:
        metadata = (await person.get("/.well-known/openid-configuration")).json()
        client = AsyncOAuth2Client(
            client_id="portal",
            redirect_uri=REDIRECT,
            scope="openid profile registration.filing.read",
            token_endpoint_auth_method="none",
            code_challenge_method="S256",
            transport=person._transport,
        )
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )

        link: Any = _Link(url)
        answer = await consent(person, await sign_in(person, link))
        token = await client.fetch_token(
            metadata["token_endpoint"],
            authorization_response=answer.headers["location"],
            state=state,
            code_verifier=verifier,
        )
        userinfo = (await client.get(metadata["userinfo_endpoint"])).json()
        refreshed = await client.refresh_token(metadata["token_endpoint"])
        keys = KeySet.import_key_set((await person.get(metadata["jwks_uri"])).json())

    assert callback(answer)["iss"] == metadata["issuer"]
    decoded = jwt.decode(token["id_token"], keys, algorithms=["ES256"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {"iss": {"value": metadata["issuer"]}, "aud": {"value": "portal"}},
        {"nonce": nonce, "client_id": "portal", "access_token": token["access_token"]},
    )
    claims.validate(leeway=30)
    assert userinfo["sub"] == claims["sub"]
    assert refreshed["refresh_token"] != token["refresh_token"]


async def test_an_agency_gets_its_token_through_authlib(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as machine:
        metadata = (await machine.get("/.well-known/oauth-authorization-server")).json()
        key = ECKey.import_key(AGENCY_KEYS["tax"].to_pem())
        client = AsyncOAuth2Client(
            client_id="tax",
            client_secret=key,
            token_endpoint_auth_method=PrivateKeyJWT(
                metadata["token_endpoint"], claims={"exp": int(time.time()) + 60}, alg="ES256"
            ),
            transport=machine._transport,
        )

        token = await client.fetch_token(
            metadata["token_endpoint"], grant_type="client_credentials", scope="events.read"
        )

    assert token["scope"] == "events.read"


async def test_the_discovery_documents_say_what_the_provider_does(gateway: ServiceUnderTest) -> None:
    openid = (await gateway.client.get("/.well-known/openid-configuration")).json()
    oauth = (await gateway.client.get("/.well-known/oauth-authorization-server")).json()
    keys = (await gateway.client.get("/.well-known/jwks.json")).json()["keys"]

    assert openid == oauth
    assert openid["issuer"] == ISSUER
    assert openid["code_challenge_methods_supported"] == ["S256"]
    assert openid["authorization_response_iss_parameter_supported"] is True
    assert openid["token_endpoint_auth_methods_supported"] == ["private_key_jwt", "none"]
    assert all("d" not in key and key["alg"] == "ES256" for key in keys)
