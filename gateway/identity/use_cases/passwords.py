"""Passwords by argon2id, off the event loop, two at a time: each takes 64 MiB for tens of milliseconds."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = 2


class Passwords:
    """Hashes and verifies; an unknown person costs the same time as a known one."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()  # argon2id, RFC 9106's second recommended set
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password is right; without a hash the answer is no, after the same work."""
        async with self._slots:
            return await asyncio.to_thread(self._verify, password_hash, password)

    def _verify(self, password_hash: str | None, password: str) -> bool:
        try:
            self._hasher.verify(password_hash or _decoy(), password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(password_hash)


@cache
def _decoy() -> str:
    return PasswordHasher().hash("nobody's password")
