"""Passwords by argon2id, off the event loop, two at a time: each takes memory, and tens of milliseconds."""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.settings import PasswordHashing

_AT_ONCE = 2


_HASHERS: Final[Mapping[PasswordHashing, PasswordHasher]] = {
    PasswordHashing.RFC9106: PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4),
    PasswordHashing.OWASP: PasswordHasher(time_cost=5, memory_cost=7 * 1024, parallelism=1),
}


class Passwords:
    """Hashes and verifies; an unknown person costs the same time as a known one."""

    def __init__(self, hashing: PasswordHashing = PasswordHashing.RFC9106) -> None:
        self._hashing = hashing
        self._hasher = _HASHERS[hashing]
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
            self._hasher.verify(password_hash or _decoy(self._hashing), password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(password_hash)


@cache
def _decoy(hashing: PasswordHashing) -> str:
    return _HASHERS[hashing].hash("nobody's password")
