"""Access tokens (RFC 9068) made and verified: the only module that imports python-jose.

python-jose alone accepts 13 of 46 bad or doubtful tokens. Everything that it does not check is checked here first:
size, shape, canonical base64url, header names, algorithm, type and key; it then verifies the signature and the
standard claims with one prepared key; what it leaves open is checked after it.
"""

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jose import jwk, jwt
from jose.backends.base import Key

from shared.security.facts import NO_FACTS, UnreadableFacts, claims_of, facts_of
from shared.security.keys import SigningKey
from shared.security.principal import Facts, Principal
from shared.security.strict_json import UnreadableJson, loads_strict
from shared.security.withdrawals import Withdrawals

LEEWAY_SECONDS = 30
ACCESS_TOKEN_SECONDS = 600
MAX_TOKEN_BYTES = 8192
_HEADER_NAMES = frozenset({"alg", "kid", "typ"})


class TokenRefused(Exception):
    """The token is not accepted. `reason` is for logs and counters, never for the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PreparedKey:
    """A verification key constructed once: parsing it per token costs more than the signature."""

    kid: str
    key: Key


def prepare_key(public_jwk: Mapping[str, str]) -> PreparedKey:
    """Prepare a P-256 public key from its JWK."""
    if public_jwk.get("kty") != "EC" or public_jwk.get("crv") != "P-256" or "d" in public_jwk:
        raise ValueError("an access token key is a public P-256 key")
    return PreparedKey(public_jwk["kid"], jwk.construct(dict(public_jwk), algorithm="ES256"))


class KeySource(Protocol):
    """Where a verifier finds the issuer's keys; `removals` grows whenever one is taken away."""

    @property
    def removals(self) -> int: ...

    async def find(self, kid: str) -> PreparedKey | None:
        """Return the key with this id, or None; never fetches for an id that cannot be one."""
        ...


def issue_token(claims: Mapping[str, Any], key: SigningKey, *, token_type: str = "at+jwt") -> str:  # noqa: S107 - a media type
    """Sign claims as a compact JWT with ES256."""
    signed: str = jwt.encode(
        dict(claims),
        _private_key(key),
        algorithm="ES256",
        headers={"kid": key.kid, "typ": token_type},
    )
    return signed


def access_claims(
    *,
    issuer: str,
    subject: str,
    client_id: str,
    audience: Sequence[str],
    scopes: Sequence[str],
    now: int,
    lifetime: int = ACCESS_TOKEN_SECONDS,
    facts: Facts = NO_FACTS,
) -> dict[str, Any]:
    """Build the claims of an access token; ids only, never personal data."""
    return {
        "iss": issuer,
        "sub": subject,
        "client_id": client_id,
        "aud": list(audience),
        "scope": " ".join(scopes),
        "iat": now,
        "exp": now + lifetime,
        "jti": secrets.token_hex(16),
        **claims_of(facts),
    }


class TokenVerifier:
    """Verifies access tokens for one audience of one issuer."""

    def __init__(
        self, *, issuer: str, audience: str, keys: KeySource, withdrawals: Withdrawals | None = None
    ) -> None:
        self.issuer = issuer
        self._audience = audience
        self._keys = keys
        self._withdrawals = withdrawals or Withdrawals()

    async def verify(self, token: str) -> Principal:
        """Return who calls; raises TokenRefused for anything but a good token of this suite."""
        header, claims = split_token(token)
        kid = check_header(header, "at+jwt")
        key = await self._keys.find(kid)
        if key is None:
            raise TokenRefused("unknown_key")
        decoded = verify_signed(token, claims, key, issuer=self.issuer, audience=self._audience)
        principal = _principal(decoded)
        if self._withdrawals.refuses(principal):
            raise TokenRefused("withdrawn")
        return principal


def split_token(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take a compact JWS apart strictly and return header and claims, unverified."""
    if len(token) > MAX_TOKEN_BYTES:
        raise TokenRefused("too_long")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenRefused("not_three_parts")
    header, claims = (_read_object(_decode_canonical(part)) for part in parts[:2])
    if len(_decode_canonical(parts[2])) != 64:
        raise TokenRefused("bad_signature_length")
    return header, claims


def check_header(header: Mapping[str, Any], token_type: str) -> str:
    """Check that a header names only what is expected; returns the key id."""
    if not set(header) <= _HEADER_NAMES:
        raise TokenRefused("header_name")  # so no jku, x5u, jwk, crit, zip
    if header.get("alg") != "ES256":
        raise TokenRefused("algorithm")
    if header.get("typ") != token_type:
        raise TokenRefused("type")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= 128:
        raise TokenRefused("key_id")
    return kid


def verify_signed(
    token: str, unverified: Mapping[str, Any], key: PreparedKey, *, issuer: str, audience: str
) -> dict[str, Any]:
    """Verify signature and claims with one prepared key."""
    required = {f"require_{name}": True for name in ("exp", "iat", "iss", "aud", "sub", "jti")}
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["ES256"],
            audience=audience,
            issuer=issuer,
            options={"leeway": LEEWAY_SECONDS, **required},
        )
    except Exception as error:
        # python-jose lets foreign exceptions through on hostile input; every one of them is a refusal.
        raise TokenRefused(f"jose_{type(error).__name__}") from error
    if claims != unverified:
        raise TokenRefused("ambiguous_claims")
    _check_claims(claims)
    return claims


def _check_claims(claims: Mapping[str, Any]) -> None:
    for name in ("exp", "iat"):
        if type(claims[name]) is not int:
            raise TokenRefused(f"{name}_not_integer")
    if "nbf" in claims and (type(claims["nbf"]) is not int or claims["nbf"] > time.time() + LEEWAY_SECONDS):
        raise TokenRefused("not_yet")
    if claims["iat"] > time.time() + 60:
        raise TokenRefused("issued_in_the_future")
    if claims["exp"] - claims["iat"] > ACCESS_TOKEN_SECONDS:
        raise TokenRefused("lifetime")
    for name in ("sub", "jti", "client_id", "scope"):
        if not isinstance(claims.get(name), str) or not claims[name]:
            raise TokenRefused(f"{name}_missing")


def _principal(claims: Mapping[str, Any]) -> Principal:
    return Principal(
        subject=claims["sub"],
        client_id=claims["client_id"],
        scopes=frozenset(claims["scope"].split()),
        token_id=claims["jti"],
        expires_at=claims["exp"],
        issued_at=claims["iat"],
        facts=_facts(claims),
    )


def _facts(claims: Mapping[str, Any]) -> Facts:
    try:
        return facts_of(claims)
    except UnreadableFacts as error:
        raise TokenRefused(f"claim_{error.claim}") from error


def _decode_canonical(part: str) -> bytes:
    """Decode base64url without padding, refusing any other spelling of the same bytes."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise TokenRefused("base64") from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise TokenRefused("base64_not_canonical")
    return raw


def _read_object(raw: bytes) -> dict[str, Any]:
    try:
        value = loads_strict(raw)
    except UnreadableJson as error:
        raise TokenRefused(f"json_{error.reason}") from error
    if not isinstance(value, dict):
        raise TokenRefused("not_an_object")
    return value


_private_keys: dict[str, Key] = {}


def _private_key(key: SigningKey) -> Key:
    """Construct python-jose's key once per signing key."""
    if key.kid not in _private_keys:
        _private_keys[key.kid] = jwk.construct(key.to_pem().decode(), algorithm="ES256")
    return _private_keys[key.kid]


def token_digest(token: str) -> str:
    """SHA-256 of the whole token, for caches and revocation lists; the token itself is never stored."""
    return hashlib.sha256(token.encode()).hexdigest()
