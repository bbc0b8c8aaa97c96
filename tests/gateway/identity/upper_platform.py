"""An upper platform outside the suite, over real HTTP: answers as it should, but for what a test alters."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from shared.security.keys import SigningKey
from tests.gateway.identity.test_clients import signed

CLIENT_ID = "yongji"


@dataclass
class UpperPlatform:
    """Everybody who comes is signed in as `person` at once; a None in an alteration leaves a member out."""

    issuer: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    signs_with: SigningKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def as_it_should(self) -> None:
        """Forget every alteration, and become somebody new."""
        self.person = {"sub": secrets.token_hex(8)}
        self.claims, self.header, self.answer, self.told = {}, {}, {}, {}
        self.signs_with = None

    def app(self) -> Starlette:
        """Its endpoints."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/jwks", self._keys),
                Route("/userinfo", self._userinfo),
            ]
        )

    async def _metadata(self, _: Request) -> Response:
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        endpoints = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()}
        stated = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        return JSONResponse(stated | endpoints | {"authorization_response_iss_parameter_supported": True})

    async def _authorize(self, request: Request) -> Response:
        self.asked.append(dict(request.query_params))
        back = {"code": "c0de", "state": request.query_params["state"], "iss": self.issuer} | self.answer
        kept = urlencode({name: value for name, value in back.items() if value is not None})
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{kept}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self.asked[-1]
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["redirect_uri"], form["code"]) == (asked["redirect_uri"], "c0de")
        assert form["client_assertion"].count(".") == 2
        access_token = "access"
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **self.person,
            **self.claims,
        }
        header = {"alg": "ES256", "kid": self.key.kid, "typ": "JWT"} | self.header
        id_token = signed(
            {name: value for name, value in header.items() if value is not None},
            {name: value for name, value in claims.items() if value is not None},
            self.signs_with or self.key,
        )
        return JSONResponse({"id_token": id_token, "access_token": access_token, "token_type": "Bearer"})

    async def _keys(self, _: Request) -> Response:
        other = {"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": "AA"}
        return JSONResponse({"keys": [other, self.key.public_jwk()]})

    async def _userinfo(self, _: Request) -> Response:
        return JSONResponse(self.person | self.told)
