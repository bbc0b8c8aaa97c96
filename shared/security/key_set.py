"""The issuer's key set as a verifier sees it: fetched from the gateway, kept for seconds, never steered by a token."""

import asyncio
import logging
import time

import httpx

from shared.security.tokens import PreparedKey, prepare_key

log = logging.getLogger(__name__)

_FRESH_SECONDS = 2.0  # a removed key is refused within 5 s
_UNKNOWN_SECONDS = 1.0  # at most one fetch a second for ids that nobody knows
_STALE_SECONDS = 600.0  # keys outlive a gateway that is away for a while


class RemoteKeySet:
    """Key source over the gateway's JWKS endpoint; one fetch at a time whatever the number of requests."""

    def __init__(self, url: str, client: httpx.AsyncClient | None = None) -> None:
        self._url = url
        self._client = client or httpx.AsyncClient(timeout=2.0)
        self._keys: dict[str, PreparedKey] = {}
        self.removals = 0
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> PreparedKey | None:
        """Return the key with this id from a set that is at most some seconds old."""
        known = self._keys.get(kid)
        if known is None or time.monotonic() - self._fetched_at > _FRESH_SECONDS:
            await self._refresh()
            known = self._keys.get(kid)
        if time.monotonic() - self._fetched_at > _STALE_SECONDS:
            return None
        return known

    async def _refresh(self) -> None:
        async with self._lock:
            if time.monotonic() - self._tried_at < _UNKNOWN_SECONDS:
                return
            self._tried_at = time.monotonic()
            try:
                answer = await self._client.get(self._url)
                answer.raise_for_status()
                prepared = [prepare_key(entry) for entry in answer.json()["keys"]]
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                log.warning("key_set_unreachable", extra={"reason": type(error).__name__})
                return
            fresh = {key.kid: key for key in prepared}
            if not self._keys.keys() <= fresh.keys():
                self.removals += 1
            self._keys = fresh
            self._fetched_at = time.monotonic()

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.aclose()


class FixedKeySet:
    """Key source over keys at hand, which stay as they are."""

    removals = 0

    def __init__(self, keys: list[PreparedKey]) -> None:
        self._keys = {key.kid: key for key in keys}

    async def find(self, kid: str) -> PreparedKey | None:
        """Return the key with this id."""
        return self._keys.get(kid)
