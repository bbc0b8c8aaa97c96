"""Answers about cases and records."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from gateway.progress.domain.case import Case, CaseKind, CaseState, Document, Followed, Happening, Title
from gateway.progress.domain.followed_events import text_of
from gateway.progress.domain.records import Record, RecordType, fact_text
from gateway.progress.use_cases.read_progress import Told
from gateway.progress.use_cases.wording import Wording
from shared.web.fields import ResponseModel

_RECORDS_AT = {
    CaseKind.MATTER: "/matters/v1/matters/{id}",
    CaseKind.FILING: "/registration/v1/filings/{id}",
    CaseKind.APPLICATION: "/licensing/v1/applications/{id}",
    CaseKind.TICKET: "/hotline/v1/tickets/{id}",
}


class TitleOut(ResponseModel):
    zh: str = Field(examples=["开餐饮店一件事"])
    en: str = Field(examples=["Open a restaurant"])

    @classmethod
    def of(cls, title: Title) -> "TitleOut":
        return cls(zh=title.zh, en=title.en)


class UnitOut(ResponseModel):
    """Who handles it (办理单位)."""

    uscc: str = Field(examples=["11140881MB9Y00016L"])
    name: TitleOut


class PartOut(ResponseModel):
    """A part of a matter: a filing, an application, a task, a payment, a delivery."""

    id: str = Field(examples=["0198c0de-0000-7000-8000-000000000001"])
    case_no: str | None = Field(examples=["DJ-140881-20260302-000001-E"])
    service: str = Field(examples=["registration"])
    kind: CaseKind
    title: TitleOut
    state: CaseState
    own_state: str = Field(examples=["submitted"])
    handling_unit: UnitOut | None
    due_at: datetime | None
    is_overdue: bool
    opened_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    path: str | None = Field(examples=["/registration/v1/filings/0198c0de-0000-7000-8000-000000000001"])


class CaseOut(PartOut):
    """A case (办件) of any service: where it stands, what comes next, by when."""

    theme: str | None = Field(description="Of a matter", examples=["open_restaurant"])
    uscc: str | None
    current_step: TitleOut
    next_step: TitleOut
    waits_for_applicant: bool
    parts: list[PartOut]

    @classmethod
    def of(cls, followed: Followed, wording: Wording) -> "CaseOut":
        case = followed.case
        return cls(
            **_part(case, None, wording),
            theme=case.about if case.kind is CaseKind.MATTER else None,
            uscc=case.uscc,
            current_step=TitleOut.of(wording.now(followed)),
            next_step=TitleOut.of(wording.then(followed)),
            waits_for_applicant=followed.waits_for_applicant,
            parts=[PartOut(**_part(part, case, wording)) for part in followed.parts],
        )


class HistoryOut(ResponseModel):
    """One entry of the history (办理过程); `sequence` counts the events of the case without gaps."""

    at: datetime
    what: str = Field(examples=["registration.filing.submitted"])
    text: TitleOut
    about: TitleOut
    case_id: str
    sequence: int
    unit: UnitOut | None
    note: TitleOut | None

    @classmethod
    def of(cls, case: Case, happening: Happening, matter: Case, wording: Wording) -> "HistoryOut":
        unit = happening.unit_uscc
        return cls(
            at=happening.at,
            what=happening.what,
            text=TitleOut.of(text_of(happening.what)),
            about=TitleOut.of(wording.title(case, matter)),
            case_id=case.key.case_id,
            sequence=happening.sequence,
            unit=UnitOut(uscc=unit, name=TitleOut.of(wording.agency(unit))) if unit else None,
            note=TitleOut.of(happening.note) if happening.note else None,
        )


class DocumentOut(ResponseModel):
    """A result that can be collected and verified through the gateway (办理结果)."""

    kind: str = Field(examples=["permit"])
    number: str = Field(examples=["ZH-140881-20260302-000001-7"])
    path: str = Field(examples=["/licensing/v1/verify/1.2.156.3005.2.11140881MB9Y00016L002"])

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        return cls(kind=document.kind, number=document.number, path=document.path)


class ProgressOut(CaseOut):
    """A case with its whole history and its results."""

    version: int
    history: list[HistoryOut]
    documents: list[DocumentOut]

    @classmethod
    def of_told(cls, told: Told, wording: Wording) -> "ProgressOut":
        case = told.followed.case
        return cls(
            **CaseOut.of(told.followed, wording).model_dump(),
            version=case.version,
            history=[HistoryOut.of(each, happening, case, wording) for each, happening in told.history],
            documents=[DocumentOut.of(each) for each in told.documents],
        )


class RecordOut(ResponseModel):
    """A fact that is filed under the enterprise: which service told it, when, at which version."""

    event_id: UUID
    service: str = Field(examples=["licensing"])
    what: str = Field(examples=["licensing.permit.issued"])
    type: RecordType
    text: TitleOut
    at: datetime
    version: int = Field(description="Sequence of the event among those of its subject")
    uscc: str
    key: str = Field(examples=["ZH-140881-20260302-000001-7"])
    path: str | None = Field(examples=["/licensing/v1/verify/1.2.156.3005.2.11140881MB9Y00016L002"])
    details: dict[str, Any]

    @classmethod
    def of(cls, record: Record, uscc: str) -> "RecordOut":
        return cls(**_record(record), uscc=uscc)


class ExceptionOut(ResponseModel):
    """A fact whose enterprise its event did not soundly name (归集异常)."""

    event_id: UUID
    service: str = Field(examples=["credit"])
    what: str = Field(examples=["credit.record.entered"])
    type: RecordType
    text: TitleOut
    at: datetime
    version: int
    stated: Annotated[str | None, Field(description="What the event said", examples=["91140881MA0KXE2X6O"])]
    key: str
    path: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, record: Record) -> "ExceptionOut":
        return cls(**_record(record), stated=record.stated)


def _part(case: Case, matter: Case | None, wording: Wording) -> dict[str, Any]:
    unit = wording.unit(case)
    template = _RECORDS_AT.get(case.kind)
    return {
        "id": case.key.case_id,
        "case_no": case.case_no,
        "service": case.key.service,
        "kind": case.kind,
        "title": TitleOut.of(wording.title(case, matter)),
        "state": case.state,
        "own_state": case.own_state,
        "handling_unit": UnitOut(uscc=unit[0], name=TitleOut.of(unit[1])) if unit else None,
        "due_at": case.due_at,
        "is_overdue": case.is_overdue and not case.state.is_ended,
        "opened_at": case.opened_at,
        "updated_at": case.updated_at,
        "ended_at": case.ended_at,
        "path": template.format(id=case.key.case_id) if template else None,
    }


def _record(record: Record) -> dict[str, Any]:
    origin = record.origin
    return {
        "event_id": UUID(origin.event_id),
        "service": origin.service,
        "what": origin.what,
        "type": record.type,
        "text": TitleOut.of(fact_text(origin.what)),
        "at": origin.at,
        "version": origin.sequence,
        "key": record.key,
        "path": record.path,
        "details": dict(record.details),
    }
