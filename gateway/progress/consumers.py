"""Events that the progress part follows: every case's steps and every fact about an enterprise, from all publishers.

One consumer per publisher, each with partitions of its own, so that any of them can be replayed from zero alone.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gateway.progress.domain.case import CaseKey, CaseKind, Change, Happening, Title
from gateway.progress.domain.followed_events import EVENTS, OUTSIDE, PROGRESSED, Told
from gateway.progress.domain.records import FACTS, Origin
from gateway.progress.use_cases.follow_events import file_fact, follow_case
from shared.calendar.days import CHINA
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import TYPE_PREFIX, Event, EventType
from shared.messaging.topology import Consumer, Handler, follow


class _Heard(BaseModel):
    """Our copy of a payload: what is used here, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class _Reason(_Heard):
    text_zh: str = ""
    text_en: str = ""
    reason_zh: str = ""
    reason_en: str = ""


class _CaseHeard(_Heard):
    case_no: str | None = None
    applicant: str | None = None
    payer: str | None = None
    recipient: str | None = None
    uscc: str | None = None
    matter_id: str | None = None
    case_id: str | None = None
    agency_uscc: str | None = None
    lead_agency_uscc: str | None = None
    to_agency: str | None = None
    division_code: str | None = None
    due_at: AwareDatetime | None = None
    theme: str | None = None
    industry_code: str | None = None
    kind: str | None = None
    part: str | None = None
    name: str | None = None
    title_zh: str | None = None
    title_en: str | None = None
    ticket_number: str | None = None
    result: dict[str, str] = {}
    reason: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    findings: list[_Reason] = []
    reasons: list[_Reason] = []

    def about(self, kind: CaseKind) -> str | None:
        """What of its kind the case is."""
        match kind:
            case CaseKind.MATTER:
                return self.theme
            case CaseKind.APPLICATION:
                return self.industry_code
            case CaseKind.PAYMENT | CaseKind.DELIVERY:
                return self.part
            case _:
                return self.kind

    def unit(self, kind: CaseKind) -> str | None:
        """Who handles the case from now on; of a matter, its lead agency or the unit that it was handed to."""
        return self.to_agency or self.lead_agency_uscc if kind is CaseKind.MATTER else self.agency_uscc

    def note(self) -> Title | None:
        """What is said to the applicant in words: reasons and what is missing."""
        told = (*self.findings, *self.reasons)
        zh = "；".join(each.text_zh or each.reason_zh for each in told) or self.reason_zh or self.reason
        en = "; ".join(each.text_en or each.reason_en for each in told) or self.reason_en or self.reason
        return Title(zh, en) if zh or en else None


class _OutsideCase(_Heard):
    case_no: str
    uscc: str
    title: str
    state: str
    step: str
    due_on: date | None = None


class _Outside(_Heard):
    system: str
    type: str
    sender_uscc: str
    data: dict[str, object]


async def on_outside(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Show an enterprise where its case in a system outside stands; what else such systems tell is no case."""
    outside = _Outside.model_validate(event.data)
    if not outside.type.endswith(PROGRESSED):
        return
    case = _OutsideCase.model_validate(outside.data)
    change = Change(
        key=CaseKey("gateway", f"{outside.system}:{case.case_no}"),
        kind=CaseKind.EXTERNAL,
        happening=Happening(
            event.id, OUTSIDE, event.time, event.sequence, outside.sender_uscc, Title(case.step, case.step)
        ),
        own_state=case.state,
        case_no=case.case_no,
        about=case.step,
        name=case.title,
        applicant=case.uscc,
        uscc=case.uscc,
        unit_uscc=outside.sender_uscc,
        due_at=_end_of(case.due_on) if case.due_on else None,
    )
    await follow_case(change, uow)


async def on_event(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow a case's step, and file a fact about an enterprise, as the tables say."""
    what = event.type.removeprefix(TYPE_PREFIX).rpartition(".")[0]
    told = EVENTS.get(what)
    if told is not None:
        await follow_case(_change(what, told, event), uow)
    if what in FACTS:
        origin = Origin(_service(what), event.id, what, event.time, event.sequence)
        await file_fact(origin, event.data, uow)


def _change(what: str, told: Told, event: Event) -> Change:
    heard = _CaseHeard.model_validate(event.data)
    kind = told.kind
    is_money = kind in (CaseKind.PAYMENT, CaseKind.DELIVERY)
    return Change(
        key=CaseKey(_service(what), str(event.data.get(told.key) or event.subject)),
        kind=kind,
        happening=Happening(
            event.id, what, event.time, event.sequence, heard.agency_uscc or heard.to_agency, heard.note()
        ),
        own_state=told.becomes,
        # A part carries its matter's number, which belongs to the matter.
        case_no=heard.ticket_number or (None if kind in _PARTS else heard.case_no),
        about=heard.about(kind),
        name=heard.name or heard.title_zh,
        name_en=heard.title_en,
        applicant=heard.payer or heard.recipient or heard.applicant,
        uscc=heard.uscc or heard.result.get("uscc"),
        matter_id=None if kind in _ALONE else (heard.case_id if is_money else heard.matter_id),
        unit_uscc=heard.unit(kind) if told.names_unit else None,
        leaves_unit=told.leaves_unit,
        division_code=heard.division_code,
        # What changes no state may speak of the time of a part.
        due_at=heard.due_at if told.becomes else None,
        is_overdue=told.is_overdue,
    )


_PARTS: Final = frozenset({CaseKind.TASK, CaseKind.PAYMENT, CaseKind.DELIVERY})
# A ticket is about a matter, not a part of it.
_ALONE: Final = frozenset({CaseKind.MATTER, CaseKind.TICKET})


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), CHINA)


def _service(what: str) -> str:
    return what.partition(".")[0]


def _consumer(
    publisher: str, *, has_cases: bool = True, also: Mapping[str, Handler] | None = None
) -> Consumer:
    names = sorted(name for name in {*EVENTS, *FACTS} if _service(name) == publisher)
    handlers = {f"{TYPE_PREFIX}{name}.v1": on_event for name in names} | dict(also or {})
    aggregates = sorted({EventType.parse(type_name).aggregate for type_name in handlers})
    tables = ("progress_case", "progress_entry", "progress_record") if has_cases else ("progress_record",)
    return Consumer(
        follow("gateway", publisher, *aggregates, durable="gateway_progress"),
        handlers,
        rebuilds=tuple(f"{table}_{publisher}" for table in tables),
    )


CONSUMERS: Final[tuple[Consumer, ...]] = (
    _consumer("registration"),
    _consumer("licensing"),
    _consumer("credit", has_cases=False),
    _consumer("hotline"),
    _consumer("gateway", also={f"{TYPE_PREFIX}{OUTSIDE}.v1": on_outside}),
)
