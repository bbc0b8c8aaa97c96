"""What an event is: a past fact of one service, in a CloudEvents 1.0 envelope.

`type` is `cn.tongban.<service>.<aggregate>.<past tense>.v<n>`; the NATS subject is the same without the prefix,
under `events.`. `sequence` counts per aggregate and subject without gaps, so that a follower can tell a missing
predecessor from the end of the line.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

TYPE_PREFIX = "cn.tongban."
_LAST_SEQUENCE = 2**63 - 1
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # what JSON can write and the database cannot take
MAX_EVENT_BYTES = 256 * 1024  # the broker takes 1 MB: what is written can always be sent


@dataclass(frozen=True)
class EventType:
    """The name of a kind of event in the published language."""

    service: str
    aggregate: str
    verb: str
    version: int = 1

    @property
    def name(self) -> str:
        """CloudEvents `type`."""
        return f"{TYPE_PREFIX}{self.service}.{self.aggregate}.{self.verb}.v{self.version}"

    @property
    def nats_subject(self) -> str:
        """Subject that it is published to."""
        return f"events.{self.service}.{self.aggregate}.{self.verb}.v{self.version}"

    @property
    def contract(self) -> str:
        """Where its JSON Schema is served, relative to the suite's public URL."""
        return f"/{self.service}/v1/contracts/{self.aggregate}.{self.verb}.v{self.version}.json"

    @classmethod
    def parse(cls, name: str) -> "EventType":
        """Parse a CloudEvents `type`; raises MalformedEvent for any other name."""
        parts = name.removeprefix(TYPE_PREFIX).split(".")
        if not name.startswith(TYPE_PREFIX) or len(parts) != 4 or not parts[3].startswith("v"):
            raise MalformedEvent(f"not an event type of this suite: {name[:100]!r}")
        service, aggregate, verb, version = parts
        if not version[1:].isdigit():
            raise MalformedEvent(f"not an event version: {version[:20]!r}")
        return cls(service, aggregate, verb, int(version[1:]))


class Payload(BaseModel):
    """Base of published payloads: facts that any subscriber of the subject may see, never personal data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class EventSource:
    """Who publishes: a service in its region."""

    service: str
    region_code: str

    def __str__(self) -> str:
        return f"/{self.region_code}/{self.service}"


@dataclass(frozen=True)
class Announcement:
    """A fact to publish: its type, the business key that it is about, and its payload."""

    type: EventType
    subject: str
    payload: Payload


@dataclass(eq=False)
class MalformedEvent(Exception):
    """The message is not a CloudEvent of this suite."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Event:
    """A received event."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    data: Mapping[str, Any]
    actor: str | None = None
    traceparent: str | None = None

    @property
    def aggregate(self) -> str:
        """Kind of thing that the event is about; order is kept per aggregate and subject."""
        return EventType.parse(self.type).aggregate


def envelope(
    announcement: Announcement,
    *,
    event_id: str,
    source: EventSource,
    time: datetime,
    actor: str | None,
    traceparent: str,
) -> dict[str, Any]:
    """Build the structured JSON form of a CloudEvent; the outbox adds its sequence, a string as the extension asks."""
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": str(source),
        "type": announcement.type.name,
        "subject": announcement.subject,
        "time": time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": announcement.type.contract,
        "traceparent": traceparent,
        "data": announcement.payload.model_dump(mode="json"),
    }
    if actor is not None:
        made["actor"] = actor
    return made


def parse_event(body: bytes | str) -> Event:
    """Read a structured CloudEvent; raises MalformedEvent naming what is wrong."""
    try:
        raw = json.loads(body)
        event = Event(
            id=_text(raw, "id"),
            source=_text(raw, "source"),
            type=_text(raw, "type"),
            subject=_text(raw, "subject"),
            time=datetime.fromisoformat(_text(raw, "time")),
            sequence=int(_text(raw, "sequence")),
            data=raw["data"],
            actor=raw.get("actor"),
            traceparent=raw.get("traceparent"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedEvent(f"not a CloudEvent of this suite: {error}") from error
    is_counted = 1 <= event.sequence <= _LAST_SEQUENCE
    if not isinstance(event.data, dict) or not is_counted or raw.get("specversion") != "1.0":
        raise MalformedEvent("data, sequence or specversion is not what this suite publishes")
    EventType.parse(event.type)
    return event


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw[name]
    if not isinstance(value, str) or not value or len(value) > 512:
        raise ValueError(f"{name} is not a short text")
    if _NO_TEXT.search(value):
        raise ValueError(f"{name} holds what no database takes as text")
    return value


def traceparent_in(body: str) -> str | None:
    """Return the trace context of an event that was parsed before."""
    found: object = json.loads(body).get("traceparent")
    return found if isinstance(found, str) else None
