"""An entry of the audit chain: who did what with whose record, what for, when; references, never values."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.certificates.canonical import canonical_json, sha256_hex

GENESIS: Final = "0" * 64
"""What the first entry names as its predecessor."""

READ: Final = "read"
"""The action of an entry that says nothing else: a query of protected data."""


class Result(StrEnum):
    """How it ended: a query is allowed or denied, a decision is done."""

    ALLOWED = "allowed"
    DENIED = "denied"
    DONE = "done"


@dataclass(frozen=True)
class Act:
    """One query of protected data, allowed or denied (信息查询使用登记), or one step of a case (办理留痕).

    `action` is "read", or what happened by the name of its event (`filing.approved`); `reader` who did it.
    Source: 网络数据安全管理条例 art. 12 (record of provision, kept at least 3 years); DS-15, NFR-14.
    """

    event_id: UUID
    source: str
    reader: str
    client_id: str
    agency_uscc: str | None
    on_behalf_of: str | None
    resource: str
    record_key: str
    owner_subject: str | None
    fields: tuple[str, ...]
    purpose: str | None
    matter_id: str | None
    grant_id: str | None
    result: Result
    read_at: datetime
    traceparent: str | None
    recorded_at: datetime
    action: str = READ


@dataclass(frozen=True)
class Link:
    """An entry's place in the chain; `hash` covers the predecessor's hash, the number and every field."""

    number: int
    prev_hash: str
    hash: str
    act: Act


@dataclass(frozen=True)
class Head:
    """The newest link; a chain without entries ends at its beginning."""

    number: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold, and why."""

    number: int
    why: str


def chained(head: Head, act: Act) -> Link:
    """Return the link that follows `head`."""
    number = head.number + 1
    return Link(number, head.hash, digest(number, head.hash, act), act)


def digest(number: int, prev_hash: str, act: Act) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of number, predecessor and all fields.

    "read" is not written: entries from before there were other actions keep their hash.
    """
    stated = stated_of(act)
    if act.action == READ:
        del stated["action"]
    return sha256_hex(canonical_json({"number": number, "prev_hash": prev_hash, **stated}))


def stated_of(act: Act) -> dict[str, object]:
    """Every field as it stands in JSON."""
    return {name: _plain(value) for name, value in asdict(act).items()}


class Verification:
    """Walks a chain from its beginning and stops at the first link that does not hold."""

    def __init__(self) -> None:
        self.head = Head()
        self.broken: Broken | None = None

    def take(self, links: Iterable[Link]) -> Broken | None:
        """Check the links that come next, in order."""
        for link in links:
            if self.broken is not None:
                break
            why = _fault(self.head, link)
            if why is not None:
                self.broken = Broken(self.head.number + 1, why)
            self.head = Head(link.number, link.hash)
        return self.broken


def _fault(head: Head, link: Link) -> str | None:
    if link.number != head.number + 1:
        return f"entry {head.number + 1} is missing: entry {link.number} comes next"
    if link.prev_hash != head.hash:
        return "it does not name the hash of the entry before it"
    if link.hash != digest(link.number, link.prev_hash, link.act):
        return "its content is not what was hashed"
    return None


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID | StrEnum) else value
