"""ES256 keys (EC P-256, SHA-256), made or read once, then only used; signatures are raw r||s as in JWS."""

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ALGORITHM: Final = "ES256"
SIGNATURE_BYTES: Final = 64
_COORDINATE_BYTES: Final = 32


@dataclass(eq=False)
class UnusableKey(ValueError):
    """The key is not an EC P-256 key for ES256, or not in the form asked for."""

    reason: str

    def __str__(self) -> str:
        return f"unusable key: {self.reason}"


def encode_base64url(raw: bytes) -> str:
    """Encode without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Decode strictly: no padding, no foreign character, no spare bit set; raises ValueError.

    Two texts never decode to the same bytes, so nobody can alter a signature's text and keep it valid.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encode_base64url(raw) != text:
        raise ValueError("not canonical base64url")
    return raw


@dataclass(frozen=True)
class VerificationKey:
    """The public half, under the `kid` by which its owner calls it."""

    kid: str
    public_key: ec.EllipticCurvePublicKey = field(repr=False, compare=False)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Read a public JWK; raises UnusableKey. Without a `kid` the RFC 7638 thumbprint is its name."""
        if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
            raise UnusableKey("kty must be EC and crv P-256")
        if jwk.get("alg", ALGORITHM) != ALGORITHM or jwk.get("use", "sig") != "sig":
            raise UnusableKey("alg must be ES256 and use sig")
        if "d" in jwk:
            raise UnusableKey("a private key was given where a public one belongs")
        x, y = _coordinate(jwk, "x"), _coordinate(jwk, "y")
        try:
            public_key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        except ValueError as error:
            raise UnusableKey("the point is not on the curve") from error
        kid = jwk.get("kid", thumbprint_of(public_key))
        if not isinstance(kid, str) or not 1 <= len(kid) <= 128:
            raise UnusableKey("kid must be a text of 1 to 128 characters")
        return cls(kid, public_key)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether `signature` (64 bytes, r||s, neither zero) over `data` is the private half's."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        r = int.from_bytes(signature[:_COORDINATE_BYTES])
        s = int.from_bytes(signature[_COORDINATE_BYTES:])
        if r == 0 or s == 0:
            return False
        try:
            self.public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key, named by its RFC 7638 thumbprint."""

    kid: str
    private_key: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)

    @classmethod
    def generate(cls) -> Self:
        """Make a new key."""
        return cls._of(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read an unencrypted PEM; raises UnusableKey for anything but an EC P-256 private key."""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise UnusableKey("not an unencrypted PEM private key") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise UnusableKey("not an EC P-256 key")
        return cls._of(key)

    @classmethod
    def _of(cls, key: ec.EllipticCurvePrivateKey) -> Self:
        return cls(thumbprint_of(key.public_key()), key)

    def to_pem(self) -> bytes:
        """Write the private key as unencrypted PKCS #8; the caller guards the file."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_jwk(self) -> dict[str, str]:
        """Write the public half for a key set."""
        members = _members(self.private_key.public_key())
        return {**members, "kid": self.kid, "use": "sig", "alg": ALGORITHM}

    def verification_key(self) -> VerificationKey:
        """Return the public half, ready to verify."""
        return VerificationKey(self.kid, self.private_key.public_key())

    def sign(self, data: bytes) -> bytes:
        """Sign with ECDSA over SHA-256; 64 bytes, r||s."""
        r, s = decode_dss_signature(self.private_key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)


def _coordinate(jwk: Mapping[str, object], name: str) -> int:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise UnusableKey(f"{name} is missing")
    try:
        raw = decode_base64url(text)
    except ValueError as error:
        raise UnusableKey(f"{name} is not base64url") from error
    if len(raw) != _COORDINATE_BYTES:
        raise UnusableKey(f"{name} must have 32 bytes")
    return int.from_bytes(raw)


def _members(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    x, y = (encode_base64url(value.to_bytes(_COORDINATE_BYTES)) for value in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def thumbprint_of(key: ec.EllipticCurvePublicKey) -> str:
    """The key's name by its own members (RFC 7638)."""
    members = json.dumps(_members(key), separators=(",", ":"), sort_keys=True)
    return encode_base64url(hashlib.sha256(members.encode()).digest())


if __name__ == "__main__":
    # `python -m shared.security.keys FILE.pem`: the public half, to be kept when the key is replaced.
    print(json.dumps(SigningKey.from_pem(Path(sys.argv[1]).read_bytes()).public_jwk()))  # noqa: T201
