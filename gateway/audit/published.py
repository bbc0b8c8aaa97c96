"""Events of the audit part: an interval was closed. The contract of a look into the log itself
(`gateway.access.recorded`) is listed once, by the matters part.
"""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field

from gateway.audit.domain.statements import SignedRoot
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

ACCESS_RECORDED: Final = EventType("gateway", "access", "recorded")
ROOT_CLOSED: Final = EventType("gateway", "audit_root", "closed")
LOG: Final = "audit"
"""The subject of roots: there is one log."""


class RootClosed(Payload):
    """An interval of the audit log was closed: whoever keeps this can show later that nothing in it changed."""

    first: Annotated[int, Field(description="Number of the interval's first entry")]
    last: int
    root: Annotated[str, Field(description="Merkle root over the entries (RFC 6962), in hexadecimal")]
    prev_root: str
    chain_hash: Annotated[str, Field(description="Hash of the interval's last entry")]
    kid: str
    jws: Annotated[str, Field(description="The signed statement; keys at /audit/v1/keys")]
    closed_at: datetime


def root_closed(signed: SignedRoot) -> Announcement:
    """Tell witnesses."""
    root = signed.root
    payload = RootClosed(
        first=root.first,
        last=root.last,
        root=root.root,
        prev_root=root.prev_root,
        chain_hash=root.chain_hash,
        kid=signed.kid,
        jws=signed.jws,
        closed_at=root.closed_at,
    )
    return Announcement(ROOT_CLOSED, LOG, payload)


PUBLISHED: Final = (
    Published(
        ROOT_CLOSED,
        RootClosed,
        RootClosed(
            first=1,
            last=240,
            root="5e" * 32,
            prev_root="0" * 64,
            chain_hash="7a" * 32,
            kid="kTq4sT9J1d0",
            jws="eyJhbGciOiJFUzI1NiJ9.eyJmaXJzdCI6MX0.c2lnbmF0dXJl",
            closed_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        ),
        "An interval of the audit log was closed under a signed root",
    ),
)
