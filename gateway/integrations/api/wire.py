"""Events of outside systems on the wire: CloudEvents in, reports out."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.integrations.domain.outside_event import OutsideEvent
from gateway.integrations.store.received import Received
from shared.web.fields import DivisionCode, Instant, RequestModel, ResponseModel, Whole

Name = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Datum = Annotated[str, StringConstraints(max_length=2000)] | Whole
ShortName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CloudEventIn(RequestModel):
    """A CloudEvent 1.0 in structured JSON, of a type that a contract names."""

    specversion: Annotated[Literal["1.0"], Field(examples=["1.0"])]
    id: Annotated[ShortName, Field(examples=["2026-000456"])]
    source: Annotated[ShortName, Field(examples=["https://tax.example.gov.cn"])]
    type: Annotated[
        str,
        StringConstraints(max_length=120, pattern=r"^cn\.tongban\.external\.[a-z0-9_]+\.[a-z0-9_]+\.v1$"),
        Field(examples=["cn.tongban.external.tax.cleared.v1"]),
    ]
    subject: Annotated[ShortName, Field(examples=["91140881MAE0000003"])]
    time: Annotated[Instant, Field(examples=["2026-11-20T01:30:00Z"])]
    data: Annotated[
        dict[Name, Datum],
        Field(max_length=40, examples=[{"uscc": "91140881MAE0000003", "cleared_on": "2026-11-20"}]),
    ]
    datacontenttype: Literal["application/json"] | None = None
    dataschema: ShortName | None = None
    sequence: ShortName | None = None
    sequencetype: ShortName | None = None
    traceparent: ShortName | None = None
    originregion: Annotated[
        DivisionCode | None, Field(description="Where a record that is managed above comes back to (回流)")
    ] = None

    def event(self) -> OutsideEvent:
        """As the part works with it."""
        return OutsideEvent(
            id=self.id,
            source=self.source,
            type=self.type,
            subject=self.subject,
            time=self.time.astimezone(UTC),
            data=dict(self.data),
            origin_region=self.originregion,
        )


class Outcome(StrEnum):
    """What became of an event."""

    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"


class TakenOut(ResponseModel):
    """An event that was taken, now or when it came before."""

    id: str
    outcome: Outcome


class FaultOut(ResponseModel):
    """What is wrong, and where."""

    pointer: str
    code: str
    detail: str
    detail_en: str


class LineOut(ResponseModel):
    """What became of one event of several."""

    line: Annotated[int, Field(description="Place in the batch or line of the file, from 1")]
    id: str | None
    outcome: Outcome
    problem: Annotated[str | None, Field(examples=["outside-event-not-accepted"])] = None
    errors: tuple[FaultOut, ...] = ()


class ReportOut(ResponseModel):
    """A report by line; good ones are taken whatever the others are."""

    taken: int
    known: int
    refused: int
    lines: Annotated[list[LineOut], Field(description="Refused ones, and of a batch all")]


class ReturnedOut(ResponseModel):
    """A record that is managed above and came back to its region."""

    received_id: UUID
    system: str
    type: str
    subject: str
    data: dict[str, Any]
    origin_region: str
    occurred_at: datetime
    received_at: datetime

    @classmethod
    def of(cls, received: Received) -> Self:
        """Shape a record."""
        event = received.event
        return cls(
            received_id=received.received_id,
            system=received.system,
            type=event.type,
            subject=event.subject,
            data=dict(event.data),
            origin_region=event.origin_region or "",
            occurred_at=event.time,
            received_at=received.received_at,
        )
