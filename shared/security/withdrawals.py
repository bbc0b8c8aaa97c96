"""Tokens withdrawn before they expire: published by the gateway as digests, heeded by every service within seconds.

A withdrawal names a token, a grant, a client, a subject, a mandate or a consent, and an instant: what was issued up to
then is refused. It is forgotten once the last token issued before it has expired.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

import httpx

log = logging.getLogger(__name__)

_INTERVAL_SECONDS: Final = 1.0


class WithdrawalKind(StrEnum):
    """What was withdrawn."""

    TOKEN = "token"  # noqa: S105 - a kind, no token
    GRANT = "grant"
    CLIENT = "client"
    SUBJECT = "subject"
    MANDATE = "mandate"
    CONSENT = "consent"


def digest_of(kind: WithdrawalKind, value: str) -> str:
    """The name under which a withdrawal is published: it says nothing to whoever does not know the value."""
    return hashlib.sha256(f"{kind.value}:{value}".encode()).hexdigest()[:40]


class Withdrawable(Protocol):
    """A verified token, as far as withdrawals go."""

    @property
    def issued_at(self) -> int:
        """When it was issued, in seconds."""
        ...

    @property
    def withdrawable(self) -> tuple[str, ...]:
        """The digests that may name it."""
        ...


class Withdrawals:
    """What is withdrawn now: digest to the second up to which tokens were issued."""

    def __init__(self) -> None:
        self._until: Mapping[str, int] = {}

    def replace(self, until: Mapping[str, int]) -> None:
        """Take over what was read anew."""
        self._until = until

    def refuses(self, token: Withdrawable) -> bool:
        """Tell whether a token is no longer good."""
        until = self._until
        if not until:
            return False
        issued = token.issued_at
        return any(until.get(digest, -1) >= issued for digest in token.withdrawable)


class RemoteWithdrawals(Withdrawals):
    """Read from the gateway once a second; while it is away, what was known last holds: tokens live ten minutes."""

    def __init__(self, url: str, client: httpx.AsyncClient | None = None) -> None:
        super().__init__()
        self._url = url
        self._client = client or httpx.AsyncClient(timeout=2.0)
        self._etag: str | None = None
        self._is_reached = True

    async def refresh(self) -> None:
        """Ask once; an answer that cannot be had or read changes nothing."""
        headers = {"If-None-Match": self._etag} if self._etag else {}
        try:
            answer = await self._client.get(self._url, headers=headers)
            if answer.status_code != httpx.codes.NOT_MODIFIED:
                answer.raise_for_status()
                self.replace({entry["digest"]: int(entry["until"]) for entry in answer.json()["withdrawals"]})
                self._etag = answer.headers.get("etag")
            self._is_reached = True
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if self._is_reached:
                log.warning("withdrawals_unreachable", extra={"reason": type(error).__name__})
            self._is_reached = False

    async def follow(self) -> None:
        """Keep up until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(_INTERVAL_SECONDS)

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.aclose()
