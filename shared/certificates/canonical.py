"""Canonical JSON (RFC 8785) of texts, whole numbers, truth values, lists and objects, and its SHA-256."""

import hashlib
import json

_LARGEST_EXACT = 2**53 - 1


def canonical_json(value: object) -> bytes:
    """Write the one form that is signed and digested; raises ValueError for what has none (floats, NaN)."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    """Digest of `content`, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("names of members are texts")
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _ordered(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_ordered(element) for element in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST_EXACT:
        return value
    raise ValueError(f"no canonical form for {type(value).__name__}")
