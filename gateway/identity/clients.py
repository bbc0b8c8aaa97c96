"""Systems that identity asks: the register of licences, and upper platforms."""

import contextlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import httpx

from gateway.identity.domain.electronic_licence import LicenceOnRegister, LicenceRegisterAway
from gateway.identity.domain.federation import FederationFault, FederationRefused
from gateway.identity.domain.outside_signatures import OutsideKey, key_from_jwk
from gateway.identity.domain.providers import UpperPlatform
from shared.security.keys import UnusableKey
from shared.security.tokens import issue_token

TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
CLIENT_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_PROOF_TYPE: Final = "client-authentication+jwt"
_METADATA_SECONDS: Final = 3600.0
_KEYS_SECONDS: Final = 300.0
_UNKNOWN_KEY_SECONDS: Final = 5.0


class LicenceRegister:
    """Registration's public verification of licences (证照核验)."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        self._http = http
        self._verify = f"{base_url}/registration/v1/verify"

    async def look_up(self, identifier: str) -> LicenceOnRegister | None:
        """Return what the register says, None for a licence that it does not have; raises LicenceRegisterAway."""
        try:
            answer = await self._http.get(f"{self._verify}/{quote(identifier, safe='')}", timeout=TIMEOUT)
            found: Any = answer.json() if answer.content else {}
        except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise LicenceRegisterAway from error
        if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            return None
        try:
            answer.raise_for_status()
            return LicenceOnRegister(found["uscc"], found["is_valid"] is True, found["state_name"])
        except (httpx.HTTPError, KeyError, TypeError) as error:
            raise LicenceRegisterAway from error


@dataclass(frozen=True)
class PlatformTokens:
    """What an upper platform gave for a code."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class UpperPlatformClient:
    """One upper platform over HTTP; its metadata and keys are kept for a while."""

    def __init__(self, http: httpx.AsyncClient, platform: UpperPlatform) -> None:
        self.platform = platform
        self._http = http
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, OutsideKey] = {}
        self._metadata_at = self._keys_at = float("-inf")

    async def metadata(self) -> Mapping[str, Any]:
        """Return the provider metadata (OpenID Connect Discovery 4); raises FederationRefused."""
        if time.monotonic() - self._metadata_at > _METADATA_SECONDS:
            found = await self._get(f"{self.platform.issuer}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self.platform.issuer or not all(_is_url(found.get(n)) for n in needed):
                raise _away("metadata of another issuer, or not whole")
            self._metadata, self._metadata_at = found, time.monotonic()
        return self._metadata

    async def key(self, kid: object) -> OutsideKey | None:
        """Return a key; one that is not known yet is looked for, at most every few seconds."""
        age = time.monotonic() - self._keys_at
        if age > _KEYS_SECONDS or (kid not in self._keys and age > _UNKNOWN_KEY_SECONDS):
            found = await self._get((await self.metadata())["jwks_uri"])
            self._keys, self._keys_at = dict(_readable(found.get("keys"))), time.monotonic()
        return self._keys.get(kid) if isinstance(kid, str) else None

    async def exchange(self, code: str, verifier: str, redirect_uri: str, now: int) -> PlatformTokens:
        """Give a code for tokens, proven by private_key_jwt; raises FederationRefused."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
            "client_id": self.platform.client_id,
            "client_assertion_type": CLIENT_ASSERTION,
            "client_assertion": self._proof(now),
        }
        endpoint = (await self.metadata())["token_endpoint"]
        answer = await self._send(self._http.build_request("POST", endpoint, data=form, timeout=TIMEOUT))
        tokens = answer.get("id_token"), answer.get("access_token")
        if not isinstance(tokens[0], str) or not isinstance(tokens[1], str):
            raise FederationRefused(FederationFault.BAD_TOKEN, "no ID token")
        return PlatformTokens(tokens[0], tokens[1])

    async def user_information(self, access_token: str) -> Mapping[str, Any]:
        """Return what the platform tells of the person; nothing where it tells nothing. Raises: FederationRefused."""
        endpoint = (await self.metadata()).get("userinfo_endpoint")
        if not isinstance(endpoint, str):
            return {}
        return await self._get(endpoint, {"Authorization": f"Bearer {access_token}"})

    def _proof(self, now: int) -> str:
        claims = {
            "iss": self.platform.client_id,
            "sub": self.platform.client_id,
            "aud": self.platform.issuer,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(24),
        }
        return issue_token(claims, self.platform.signing_key, token_type=_PROOF_TYPE)

    async def _get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self._send(self._http.build_request("GET", url, headers=headers, timeout=TIMEOUT))

    async def _send(self, request: httpx.Request) -> dict[str, Any]:
        try:
            answer = await self._http.send(request)
            body: Any = answer.json()
        except (httpx.HTTPError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise _away(type(error).__name__) from error
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(body, dict):
            raise _away(f"status {answer.status_code}")
        if not answer.is_success:
            raise FederationRefused(FederationFault.REFUSED, f"status {answer.status_code}")
        return body


def _away(why: str) -> FederationRefused:
    return FederationRefused(FederationFault.PLATFORM_AWAY, why)


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _readable(keys: object) -> Iterator[tuple[str, OutsideKey]]:
    """The keys that can be used here; a set may hold others."""
    for jwk in keys if isinstance(keys, list) else ():
        if isinstance(jwk, dict) and isinstance(jwk.get("kid"), str):
            with contextlib.suppress(UnusableKey):
                yield jwk["kid"], key_from_jwk(jwk)
