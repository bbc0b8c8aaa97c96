"""What the audit key signs: the root of a closed interval, and the extent of an export; as compact JWS (RFC 7515)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shared.certificates.canonical import canonical_json
from shared.security.keys import (
    ALGORITHM,
    SigningKey,
    VerificationKey,
    decode_base64url,
    encode_base64url,
)

ROOT_TYPE: Final = "audit-root+jws"
EXPORT_TYPE: Final = "audit-export+jws"
BEFORE_ALL_ROOTS: Final = "0" * 64
"""What the first root names as the one before it."""


@dataclass(frozen=True)
class Root:
    """A closed interval: its entries by number, the Merkle root over them, and the chain's hash at its end."""

    region: str
    first: int
    last: int
    root: str
    chain_hash: str
    prev_root: str
    closed_at: datetime

    @property
    def count(self) -> int:
        """How many entries it holds."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class SignedRoot:
    """A root as it was signed."""

    root: Root
    kid: str
    jws: str


@dataclass(frozen=True)
class Extent:
    """What an export holds: entries from `first` to `last`, after `prev_hash` and up to `hash`."""

    region: str
    first: int
    last: int
    prev_hash: str
    hash: str
    roots: int
    exported_at: datetime


@dataclass(eq=False)
class NotSigned(Exception):
    """The text is no statement of this type by a key that is known."""

    why: str


def sign_root(root: Root, key: SigningKey) -> SignedRoot:
    """Sign a root."""
    return SignedRoot(root, key.kid, _signed(ROOT_TYPE, asdict(root), key))


def sign_extent(extent: Extent, key: SigningKey) -> str:
    """Sign what an export holds."""
    return _signed(EXPORT_TYPE, asdict(extent), key)


def read_root(jws: str, keys: Mapping[str, VerificationKey]) -> SignedRoot:
    """Raises: NotSigned."""
    kid, stated = _verified(jws, ROOT_TYPE, keys)
    return SignedRoot(Root(**_with_instant(stated, "closed_at")), kid, jws)


def read_extent(jws: str, keys: Mapping[str, VerificationKey]) -> Extent:
    """Raises: NotSigned."""
    _, stated = _verified(jws, EXPORT_TYPE, keys)
    return Extent(**_with_instant(stated, "exported_at"))


def to_milliseconds(at: datetime) -> datetime:
    """A moment as it is signed: UTC, cut to whole milliseconds."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def _signed(kind: str, stated: Mapping[str, Any], key: SigningKey) -> str:
    plain = {name: _plain(value) for name, value in stated.items()}
    header = encode_base64url(canonical_json({"alg": ALGORITHM, "kid": key.kid, "typ": kind}))
    signed = f"{header}.{encode_base64url(canonical_json(plain))}"
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


def _verified(jws: str, kind: str, keys: Mapping[str, VerificationKey]) -> tuple[str, dict[str, Any]]:
    try:
        header_text, body_text, signature = jws.split(".")
        header = json.loads(decode_base64url(header_text))
        kid = header["kid"]
        if header != {"alg": ALGORITHM, "kid": kid, "typ": kind}:
            raise NotSigned(f"its header is not that of {kind}")
        key = keys.get(kid)
        if key is None:
            raise NotSigned(f"no key {kid} is known")
        if not key.verify(decode_base64url(signature), f"{header_text}.{body_text}".encode()):
            raise NotSigned("its signature does not hold")
        return kid, json.loads(decode_base64url(body_text))
    except (ValueError, TypeError, KeyError) as error:
        raise NotSigned("it is not a compact JWS") from error


def _with_instant(stated: dict[str, Any], name: str) -> dict[str, Any]:
    return stated | {name: datetime.fromisoformat(stated[name])}


def _plain(value: object) -> object:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else value
