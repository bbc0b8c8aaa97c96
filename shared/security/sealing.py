"""Seals what must be read again but never lie open in a database: AES-256-GCM under a key for one purpose.

What one purpose sealed cannot be opened for another: the key is derived by HKDF (RFC 5869) from the suite's
secret and the purpose.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


@dataclass(eq=False)
class CannotUnseal(Exception):
    """What was stored is not whole, or was sealed under another secret, purpose or context."""


class Sealer:
    """Seals and unseals for one purpose; `context` binds a value to its place, such as the row's key."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        if len(secret) < 16:
            raise ValueError("a secret has at least 16 bytes")
        derived = HKDF(SHA256(), 32, salt=None, info=b"tongban/sealing/" + purpose.encode())
        self._cipher = AESGCM(derived.derive(secret))

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Return version, nonce and ciphertext; two seals of one value differ."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, context)

    def unseal(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Return what was sealed; raises CannotUnseal for anything else."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
                raise CannotUnseal
            return self._cipher.decrypt(nonce, ciphertext, context)
        except InvalidTag as error:
            raise CannotUnseal from error
