"""Signatures by keys that are not ours: compact JWS of upper platforms, licence wallets and certificate holders.

Source: RFC 7515; RFC 7518 section 3; RFC 8725 (the algorithm is pinned, never the text's choice).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from shared.security.keys import UnusableKey, VerificationKey, decode_base64url, encode_base64url
from shared.security.strict_json import UnreadableJson, loads_strict

SMALLEST_RSA_BITS: Final = 2048
OutsideKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Algorithm(StrEnum):
    """The signature algorithms that are verified; SM2 with SM3 (GM/T 0009) is not among them."""

    ES256 = "ES256"
    RS256 = "RS256"
    PS256 = "PS256"


@dataclass(eq=False)
class UnreadableJws(Exception):
    """The text is not a compact JWS; `reason` is for logs."""

    reason: str


@dataclass(frozen=True)
class CompactJws:
    """A JWS taken apart, not verified."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)

    @classmethod
    def read(cls, text: str, *, longest: int, content: bytes | None = None) -> Self:
        """Take a text apart strictly; `content` stands in for a detached payload (RFC 7515 appendix F).

        Raises: UnreadableJws.
        """
        parts = text.split(".")
        if len(text) > longest or len(parts) != 3 or not text.isascii():
            raise UnreadableJws("shape")
        head, body, signature = parts
        if content is not None and not body:
            body = encode_base64url(content)
        try:
            header = loads_strict(decode_base64url(head))
            payload, raw = decode_base64url(body), decode_base64url(signature)
        except (ValueError, UnreadableJson) as error:
            raise UnreadableJws("encoding") from error
        if not isinstance(header, dict) or (content is not None and payload != content):
            raise UnreadableJws("header" if not isinstance(header, dict) else "content")
        return cls(header, payload, raw, f"{head}.{body}".encode())

    def claims(self) -> Mapping[str, Any]:
        """The payload as the claims of a JWT; raises UnreadableJws."""
        try:
            claims = loads_strict(self.payload)
        except UnreadableJson as error:
            raise UnreadableJws("claims") from error
        if not isinstance(claims, dict):
            raise UnreadableJws("claims")
        return claims


def is_signed_by(key: OutsideKey, algorithm: Algorithm, signature: bytes, data: bytes) -> bool:
    """Tell whether a raw JWS signature is the key's; a key of another kind has signed nothing."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        if algorithm is not Algorithm.ES256 or not isinstance(key.curve, ec.SECP256R1):
            return False
        return VerificationKey("", key).verify(signature, data)
    if algorithm is Algorithm.ES256 or key.key_size < SMALLEST_RSA_BITS:
        return False
    is_pss = algorithm is Algorithm.PS256
    scheme = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size) if is_pss else padding.PKCS1v15()
    try:
        key.verify(signature, data, scheme, SHA256())
    except InvalidSignature:
        return False
    return True


def key_from_jwk(jwk: Mapping[str, object]) -> OutsideKey:
    """Read a public key of another issuer; raises UnusableKey for one that is private, weak or of another kind."""
    if jwk.get("kty") == "EC":
        return VerificationKey.from_jwk(jwk).public_key
    if jwk.get("kty") != "RSA" or "d" in jwk or jwk.get("use", "sig") != "sig":
        raise UnusableKey("a public RSA or EC P-256 key for signatures is needed")
    try:
        modulus, exponent = (_integer(jwk.get(name)) for name in ("n", "e"))
        key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise UnusableKey("not an RSA key") from error
    if key.key_size < SMALLEST_RSA_BITS:
        raise UnusableKey(f"an RSA key has at least {SMALLEST_RSA_BITS} bits")
    return key


def _integer(text: object) -> int:
    if not isinstance(text, str):
        raise ValueError("not a text")
    return int.from_bytes(decode_base64url(text))
