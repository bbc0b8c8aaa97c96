"""Authlib, a client library that knows nothing of this suite, signs in by the discovery document alone."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.security.strength import Strength
from tests.gateway.browser import Asked, browser, callback, consent, exchange, sign_in
from tests.gateway.seed import AGENCY_KEYS, REDIRECT
from tests.support.identities import ISSUER
from tests.support.service import ServiceUnderTest

JWKS = "/.well-known/jwks.json"


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
    assert openid["dpop_signing_alg_values_supported"] == ["ES256"]
    assert openid["acr_values_supported"] == [level.acr for level in Strength]
    offered = {name: url for name, url in openid.items() if name.endswith("_endpoint")}
    assert len(offered) == 7
    for url in offered.values():
        path = urlsplit(url).path
        answers = [await gateway.client.get(path), await gateway.client.post(path, data={"x": "y"})]
        assert not {404, 500} & {answer.status_code for answer in answers}
    for grant_type in openid["grant_types_supported"]:
        form = {"grant_type": grant_type, "client_id": "portal"}
        answer = await gateway.client.post("/oauth2/token", data=form)
        assert answer.json()["error"] != "unsupported_grant_type"
    assert all("d" not in key and key["alg"] == "ES256" for key in keys)


def _proves_itself(metadata: dict[str, Any]) -> PrivateKeyJWT:
    """The library keeps the id of its assertion with the claims: each call needs its own."""
    claims = {"exp": int(time.time()) + 60}
    return PrivateKeyJWT(metadata["token_endpoint"], claims=claims, alg="ES256")


async def test_authlib_asks_about_its_token_and_gives_it_back(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app) as machine:
        metadata = (await machine.get("/.well-known/oauth-authorization-server")).json()
        client = AsyncOAuth2Client(
            client_id="tax",
            client_secret=ECKey.import_key(AGENCY_KEYS["tax"].to_pem()),
            token_endpoint_auth_method=_proves_itself(metadata),
            transport=machine._transport,
        )

        def again() -> Any:
            return client.client_auth(_proves_itself(metadata))

        token = await client.fetch_token(
            metadata["token_endpoint"], grant_type="client_credentials", scope="events.read"
        )

        text = token["access_token"]
        before = await client.introspect_token(metadata["introspection_endpoint"], text, auth=again())
        given_back = await client.revoke_token(metadata["revocation_endpoint"], text, auth=again())
        after = await client.introspect_token(metadata["introspection_endpoint"], text, auth=again())

    assert before.json().get("active") is True, before.text
    assert given_back.status_code == 200
    assert after.json() == {"active": False}


async def test_a_proof_of_possession_made_by_joserfc_is_taken(gateway: ServiceUnderTest) -> None:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}

    def proof(method: str, path: str, **more: str) -> str:
        now = int(time.time())
        claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": f"{ISSUER}{path}", "iat": now}
        return jwt.encode(header, {**claims, **more}, key)

    async with browser(gateway.app) as person:
        person.headers["DPoP"] = proof("POST", "/oauth2/par")
        asked = Asked(scope="openid")
        parameters = dict(parse_qsl(urlsplit(asked.url()).query))
        pushed = (await person.post("/oauth2/par", data=parameters)).json()
        link: Any = _Link(f"/oauth2/authorize?client_id=portal&request_uri={quote(pushed['request_uri'])}")
        page = await sign_in(person, link)
        back = callback(page if page.status_code == 303 else await consent(person, page))
        person.headers["DPoP"] = proof("POST", "/oauth2/token")
        tokens = (await exchange(person, back["code"], asked)).json()
        token = tokens["access_token"]
        digest = hashlib.sha256(token.encode()).digest()
        hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        person.headers["DPoP"] = proof("GET", "/oauth2/userinfo", ath=hashed)
        userinfo = await person.get("/oauth2/userinfo", headers={"Authorization": f"DPoP {token}"})

    assert tokens["token_type"] == "DPoP"
    assert userinfo.status_code == 200
    decoded = jwt.decode(token, KeySet.import_key_set((await gateway.client.get(JWKS)).json()))
    assert decoded.claims["cnf"] == {"jkt": key.thumbprint()}
