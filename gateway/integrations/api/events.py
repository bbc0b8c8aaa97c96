"""Events of outside systems (外部事件接入): CloudEvents one by one, in batches, or as a file."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import ValidationError
from starlette.requests import Request

from gateway.integrations.api.dependencies import ContractsInUse, RegionInUse
from gateway.integrations.api.wire import (
    CloudEventIn,
    FaultOut,
    LineOut,
    Outcome,
    ReportOut,
    ReturnedOut,
    TakenOut,
)
from gateway.integrations.domain.contract import Contracts
from gateway.integrations.domain.errors import (
    AnotherEventOfThisId,
    EventNotAccepted,
    EventNotInContract,
    NotAnAgencyHere,
    NotYourSystem,
    SystemNotFound,
)
from gateway.integrations.domain.files import Line, read_lines
from gateway.integrations.domain.outside_event import SOURCE_OF_FILES
from gateway.integrations.use_cases.read_returned import read_returned
from gateway.integrations.use_cases.take_in_event import BY_API, require_sender, take_in_event
from shared.security.access import requires
from shared.security.strict_json import UnreadableJson, loads_strict
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import INVALID_INPUT, Refusal
from shared.web.routes import Caller, InTransaction, ServiceRoute
from shared.web.validation import fault

router = APIRouter(prefix="/integrations/v1", route_class=ServiceRoute, tags=["integrations"])
SEND = requires("integrations.event.send")
READ = requires("integrations.record.read")
# An event's own id says whether it came before: standard CloudEvents senders know no other key.
BY_OWN_ID: Final = {"x-idempotent": True}
FILES: Final = "/integrations/v1/files/"
CSV: Final = "text/csv"
FILE_MEDIA: Final = ("application/x-ndjson", CSV)
EVENT_MEDIA: Final = "application/cloudevents+json"
BATCH_MEDIA: Final = "application/cloudevents-batch+json"
OTHER_MEDIA: Final[dict[str, tuple[str, ...]]] = {
    "/integrations/v1/events": (EVENT_MEDIA,),
    "/integrations/v1/event-batches": (BATCH_MEDIA,),
    FILES: FILE_MEDIA,
}
MOST_LINES: Final = 10_000
MOST_IN_BATCH: Final = 500


def _takes(*media: str) -> dict[str, Any]:
    """Say in the document that the body is read by the route itself."""
    content = {each: {"schema": {"type": "string"}} for each in media}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/events",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[SEND],
    openapi_extra=BY_OWN_ID
    | {"requestBody": {"content": {EVENT_MEDIA: {"schema": {"$ref": "#/components/schemas/CloudEventIn"}}}}},
    responses={HTTPStatus.OK: {"description": "It came before", "model": TakenOut}},
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
    openapi_extra=BY_OWN_ID | _takes(BATCH_MEDIA),
    summary="Send several events (外部事件批量接入)",
)
async def send_batch(
    request: Request, caller: Caller, contracts: ContractsInUse, region: RegionInUse, uow: InTransaction
) -> ReportOut:
    """The CloudEvents batch format, at most 500; each event stands for itself, in their order."""
    try:
        stated = loads_strict(await request.body())
    except UnreadableJson as error:
        raise Refusal(INVALID_INPUT, faults=[fault("", error.reason)]) from error
    if not isinstance(stated, list) or not 0 < len(stated) <= MOST_IN_BATCH:
        raise Refusal(INVALID_INPUT, faults=[fault("", "invalid")])
    lines = [_parsed(place, each) for place, each in enumerate(stated, start=1)]
    told = [await _told(line, caller, contracts, region, uow, BY_API) for line in lines]
    return _report(told, told)


@router.post(
    "/files/{system}",
    dependencies=[SEND],
    openapi_extra=BY_OWN_ID | _takes(*FILE_MEDIA),
    summary="Hand in a file of events (文件交换)",
)
@refuses(SystemNotFound, NotYourSystem, EventNotInContract)
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
    require_sender(known, caller, region)
    is_csv = request.headers.get("content-type", "").partition(";")[0].strip().lower() == CSV
    event = known.event(verb or "") if is_csv else None
    if is_csv and event is None:
        raise EventNotInContract(f"{system}.{verb}")
    of_system = Contracts((known,), ())
    lines = read_lines(await request.body(), event, MOST_LINES, _parsed)
    told = [await _told(line, caller, of_system, region, uow, SOURCE_OF_FILES) for line in lines]
    return _report(told, [line for line in told if line.outcome is Outcome.REFUSED])


@router.get("/returned-records", dependencies=[READ], summary="Records that came back (回流数据)")
@refuses(NotAnAgencyHere)
async def list_returned(
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    paged: Paged,
    uow: InTransaction,
    response: Response,
) -> Page[ReturnedOut]:
    """Those of the caller's own region that their contract opens to it, the newest first (DS-10)."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None:
        raise NotAnAgencyHere
    before = UUID(str(paged.after[0])) if paged.after else None
    found = await read_returned(agency, caller, contracts, before, paged.fetch, uow)
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


async def _told(
    line: Line | LineOut,
    caller: Caller,
    contracts: ContractsInUse,
    region: RegionInUse,
    uow: InTransaction,
    came_by: str,
) -> LineOut:
    """One of several: a refusal concerns this one alone, and comes before anything is written."""
    if isinstance(line, LineOut):
        return line
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
    return LineOut(
        line=line.place, id=line.event.id, outcome=Outcome.REFUSED, problem=problem, errors=tuple(faults)
    )


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
