"""Events of outside systems (外部事件接入): CloudEvents one by one, in batches, or as a file."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StrictInt, StringConstraints, ValidationError
from starlette.requests import Request

from gateway.integrations.api.dependencies import ContractsInUse, RegionInUse
from gateway.integrations.domain.errors import (
    AnotherEventOfThisId,
    EventNotAccepted,
    EventNotInContract,
    NotAnAgencyHere,
    NotYourSystem,
    SystemNotFound,
)
from gateway.integrations.domain.files import Line, read_lines
from gateway.integrations.domain.outside_event import SOURCE_OF_FILES, OutsideEvent
from gateway.integrations.store.received import Received, ReceivedStore
from gateway.integrations.use_cases.take_in_event import require_sender, take_in_event
from shared.security.access import requires
from shared.web.fields import DivisionCode, Instant, RequestModel, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/integrations/v1", route_class=ServiceRoute, tags=["integrations"])
SEND = requires("integrations.event.send")
READ = requires("integrations.record.read")
# An event's own id says whether it came before: standard CloudEvents senders know no other key.
BY_OWN_ID: Final = {"x-idempotent": True}
FILES: Final = "/integrations/v1/files/"
FILE_MEDIA: Final = ("application/x-ndjson", "text/csv")
MOST_LINES: Final = 10_000

Name = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Datum = Annotated[str, StringConstraints(max_length=2000)] | StrictInt
ShortName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CloudEventIn(RequestModel):
    """A CloudEvent 1.0 in structured JSON, of a type that a contract names."""

    specversion: Literal["1.0"]
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
    def of(cls, received: Received) -> "ReturnedOut":
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


@router.post(
    "/events",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[SEND],
    openapi_extra=BY_OWN_ID,
    summary="Send an event of an outside system (外部事件接入)",
)
@refuses(EventNotInContract, NotYourSystem, EventNotAccepted, AnotherEventOfThisId)
async def send_event(
    body: CloudEventIn,
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
    response: Response,
) -> TakenOut:
    """Checked against the contract, kept once and told on; sent again under its id it changes nothing."""
    taken = await take_in_event(body.event(), caller, contracts, region, uow)
    if not taken.is_new:
        response.status_code = HTTPStatus.OK
    return TakenOut(id=body.id, outcome=Outcome.TAKEN if taken.is_new else Outcome.KNOWN)


@router.post(
    "/event-batches",
    dependencies=[SEND],
    openapi_extra=BY_OWN_ID,
    summary="Send several events (外部事件批量接入)",
)
async def send_batch(
    body: Annotated[list[CloudEventIn], Field(min_length=1, max_length=500)],
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
) -> ReportOut:
    """The CloudEvents batch format; each event by itself, in their order."""
    lines = [Line(place, each.event()) for place, each in enumerate(body, start=1)]
    told = [await _take(line, caller, contracts, region, uow, "api") for line in lines]
    return _report(told, told)


@router.post(
    "/files/{system}",
    dependencies=[SEND],
    openapi_extra=BY_OWN_ID
    | {
        "requestBody": {
            "required": True,
            "content": {media: {"schema": {"type": "string"}} for media in FILE_MEDIA},
        }
    },
    summary="Hand in a file of events (文件交换)",
)
@refuses(SystemNotFound, NotYourSystem)
async def send_file(
    system: Annotated[str, Path(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")],
    request: Request,
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
    verb: Annotated[
        str | None, Query(max_length=64, pattern="^[a-z][a-z_]*$", description="Which event CSV lines are")
    ] = None,
) -> ReportOut:
    """NDJSON of CloudEvents, or CSV with id, time and the data by name; marked as of a dedicated network (DS-24).

    Good lines are taken, bad ones told with every reason; the same file again changes nothing.
    """
    known = contracts.system(system)
    if known is None:
        raise SystemNotFound(system)
    require_sender(known.key, known.agency, caller, region)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    event = known.event(verb) if verb else None
    lines = read_lines(await request.body(), event if media == "text/csv" else None, MOST_LINES, _parsed)
    told = [
        line
        if isinstance(line, LineOut)
        else await _take(line, caller, contracts, region, uow, SOURCE_OF_FILES)
        for line in lines
    ]
    return _report(told, [line for line in told if line.outcome is Outcome.REFUSED])


@router.get("/returned-records", dependencies=[READ], summary="Records that came back (回流数据)")
@refuses(NotAnAgencyHere)
async def list_returned(
    caller: Caller, region: RegionInUse, paged: Paged, uow: InTransaction, response: Response
) -> Page[ReturnedOut]:
    """Those of the caller's own region, the newest first (DS-10)."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None:
        raise NotAnAgencyHere
    before = UUID(str(paged.after[0])) if paged.after else None
    found = await ReceivedStore(uow.session).page(
        origin_region=agency.division, before=before, limit=paged.fetch
    )
    shown = [ReturnedOut.of(each) for each in found]
    return paged.page(shown, lambda each: (str(each.received_id),), response)


def _parsed(place: int, stated: object) -> Line | LineOut:
    """A line as an event, or why it is none."""
    try:
        return Line(place, CloudEventIn.model_validate(stated).event())
    except ValidationError as refusal:
        faults = [
            FaultOut(
                pointer="".join(f"/{step}" for step in error["loc"]),
                code=error["type"],
                detail="不符合 CloudEvents 1.0",
                detail_en=error["msg"],
            )
            for error in refusal.errors(include_url=False, include_input=False, include_context=False)
        ]
        return LineOut(
            line=place, id=None, outcome=Outcome.REFUSED, problem="malformed-request", errors=tuple(faults)
        )


async def _take(
    line: Line,
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
    came_by: str,
) -> LineOut:
    """One of several: a refusal concerns this one alone, and comes before anything is written."""
    event = line.event
    try:
        taken = await take_in_event(event, caller, contracts, region, uow, came_by=came_by)
    except EventNotAccepted as refusal:
        faults = [
            FaultOut(pointer=each.pointer, code=each.code, detail=each.detail_zh, detail_en=each.detail_en)
            for each in refusal.faults
        ]
        return _refused(line, "outside-event-not-accepted", faults)
    except EventNotInContract:
        return _refused(line, "event-not-in-contract", [])
    except NotYourSystem:
        return _refused(line, "not-your-system", [])
    except AnotherEventOfThisId:
        return _refused(line, "another-event-of-this-id", [])
    return LineOut(line=line.place, id=event.id, outcome=Outcome.TAKEN if taken.is_new else Outcome.KNOWN)


def _refused(line: Line, problem: str, faults: list[FaultOut]) -> LineOut:
    return LineOut(line=line.place, id=line.event.id, outcome=Outcome.REFUSED, problem=problem, errors=tuple(faults))


def _report(told: Iterable[LineOut], shown: list[LineOut]) -> ReportOut:
    counted = _counts(told)
    return ReportOut(
        taken=counted[Outcome.TAKEN],
        known=counted[Outcome.KNOWN],
        refused=counted[Outcome.REFUSED],
        lines=shown,
    )


def _counts(told: Iterable[LineOut]) -> dict[Outcome, int]:
    outcomes = [line.outcome for line in told]
    return {outcome: outcomes.count(outcome) for outcome in Outcome}
