"""Proofs of possession as a client makes them (RFC 9449)."""

import base64
import hashlib
import json
import secrets
import time
from typing import Any

from shared.security.keys import SigningKey, encode_base64url

MEMBERS = ("kty", "crv", "x", "y")


def public_members(key: SigningKey) -> dict[str, str]:
    """The key as a proof carries it."""
    jwk = key.public_jwk()
    return {name: jwk[name] for name in MEMBERS}


def proof(
    key: SigningKey,
    method: str,
    url: str,
    token: str | None = None,
    *,
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A good proof, but for what is given otherwise; None leaves a member out."""
    head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public_members(key)} | (header or {})
    body: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": url,
        "iat": int(time.time()),
    }
    if token is not None:
        digest = hashlib.sha256(token.encode()).digest()
        body["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    parts = [
        encode_base64url(json.dumps({k: v for k, v in part.items() if v is not None}).encode())
        for part in (head, {**body, **claims})
    ]
    return ".".join([*parts, encode_base64url(key.sign(".".join(parts).encode()))])


def bound(token: str, proof_text: str | None) -> dict[str, str]:
    """Headers of a call with a bound token."""
    sent = {"DPoP": proof_text} if proof_text is not None else {}
    return {"Authorization": f"DPoP {token}"} | sent
