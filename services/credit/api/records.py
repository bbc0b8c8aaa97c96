"""Credit records (信用记录): entering them, and how they are shown."""

from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, ConfigDict, JsonValue, ValidationInfo

from services.credit.api.dependencies import Rules
from services.credit.domain.admission import Entry, Exclusion, Penalty, Procedure
from services.credit.domain.catalogue import Nature, Openness, Severity, Sharing
from services.credit.domain.errors import (
    AgencyOnly,
    DocumentNotEffective,
    NotInCatalogue,
    PenaltyFactsMissing,
    ProviderNotAllowed,
    RecordAlreadyEntered,
    SubjectNotFound,
)
from services.credit.domain.records import Document, DocumentKind, Record, RecordStatus
from services.credit.domain.wording import Wording
from services.credit.use_cases.enter_record import EnterRecord, enter_record
from shared.identifiers import Uscc
from shared.security.access import requires
from shared.web.fields import CivilDate, Code, Flag, RequestModel, ResponseModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/credit/v1/records", route_class=ServiceRoute, tags=["records"])

_RECORD_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "019705e2-6d52-7c1e-9a46-5b1f0f0c7a11",
    "uscc": "91140881MB9Y00075F",
    "catalogue_item": "penalty_general",
    "title": {"zh": "一般失信行政处罚", "en": "General penalty"},
    "conduct": {"zh": "较大数额罚款、没收非法财物等", "en": "A considerable fine or confiscation"},
    "provider_uscc": "11140881MB9Y00024F",
    "data_source": "departments",
    "nature": "negative",
    "severity": "general",
    "sharing": "unconditional",
    "openness": "public",
    "update_cycle": "within 7 working days",
    "reference": "永市监罚〔2026〕12号",
    "document_kind": "administrative_penalty",
    "happened_on": "2026-04-20",
    "found_on": "2026-05-06",
    "published_at_least_through": "2026-08-06",
    "published_through": "2027-05-06",
    "status": "in_force",
    "source_event": None,
    "entered_at": "2026-05-11T01:30:00Z",
}


def _not_before_made(effective_on: date, about: ValidationInfo) -> date:
    made_on = about.data.get("made_on")
    if made_on is not None and effective_on < made_on:
        raise ValueError("too_early|生效日期不应早于文书日期|must not be before the document was made")
    return effective_on


class DocumentIn(RequestModel):
    """The legally effective document that carries the record (认定依据); periods count from `made_on`."""

    kind: DocumentKind
    number: ShortText
    made_on: CivilDate
    effective_on: Annotated[CivilDate, AfterValidator(_not_before_made)]

    def as_document(self) -> Document:
        """The domain's document."""
        return Document(self.kind, self.number, self.made_on, self.effective_on)


class PenaltyIn(RequestModel):
    """Circumstances of an administrative penalty that decide whether it is entered at all."""

    procedure: Procedure
    is_slight: Flag
    is_first: Flag
    has_slight_consequences: Flag
    is_remedied: Flag

    def as_penalty(self) -> Penalty:
        """The domain's penalty."""
        return Penalty(
            self.procedure, self.is_slight, self.is_first, self.has_slight_consequences, self.is_remedied
        )


def _not_after_made(happened_on: date, about: ValidationInfo) -> date:
    document = about.data.get("document")
    if isinstance(document, DocumentIn) and happened_on > document.made_on:
        raise ValueError("too_late|行为日期不应晚于文书日期|must not be after the document was made")
    return happened_on


class RecordIn(RequestModel):
    """What an agency enters; `penalty` is required for items that are administrative penalties."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MB9Y00075F",
                    "catalogue_item": "penalty_general",
                    "document": {
                        "kind": "administrative_penalty",
                        "number": "永市监罚〔2026〕12号",
                        "made_on": "2026-05-06",
                        "effective_on": "2026-05-08",
                    },
                    "happened_on": "2026-04-20",
                    "penalty": {
                        "procedure": "ordinary",
                        "is_slight": False,
                        "is_first": True,
                        "has_slight_consequences": False,
                        "is_remedied": True,
                    },
                }
            ]
        }
    )

    uscc: UsccField
    catalogue_item: Code
    document: DocumentIn
    happened_on: Annotated[CivilDate, AfterValidator(_not_after_made)]
    penalty: PenaltyIn | None = None

    def entry_of(self, agency: str) -> Entry:
        """The entry, provided by the caller's agency."""
        return Entry(
            uscc=Uscc(self.uscc),
            catalogue_item=self.catalogue_item,
            provider_uscc=agency,
            happened_on=self.happened_on,
            document=self.document.as_document(),
            penalty=None if self.penalty is None else self.penalty.as_penalty(),
        )


class TextOut(ResponseModel):
    """A text in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, wording: Wording) -> Self:
        """Show a wording."""
        return cls(zh=wording.zh, en=wording.en)


class RecordOut(ResponseModel):
    """A credit record with the eight elements of its catalogue item."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RECORD_EXAMPLE]})

    id: UUID
    uscc: str
    catalogue_item: str
    title: TextOut
    conduct: TextOut
    provider_uscc: str
    data_source: str
    nature: Nature
    severity: Severity | None
    sharing: Sharing
    openness: Openness
    update_cycle: str
    reference: str
    document_kind: DocumentKind | None
    happened_on: date
    found_on: date
    published_at_least_through: date
    published_through: date | None
    status: RecordStatus
    source_event: str | None
    entered_at: datetime

    @classmethod
    def of(cls, record: Record) -> Self:
        """Show a record."""
        elements = record.elements
        return cls(
            id=record.id,
            uscc=record.uscc,
            catalogue_item=record.catalogue_item,
            title=TextOut.of(elements.title),
            conduct=TextOut.of(elements.conduct),
            provider_uscc=record.provider_uscc,
            data_source=elements.data_source,
            nature=elements.nature,
            severity=elements.severity,
            sharing=elements.sharing,
            openness=elements.openness,
            update_cycle=elements.update_cycle,
            reference=record.reference,
            document_kind=None if record.document is None else record.document.kind,
            happened_on=record.happened_on,
            found_on=record.found_on,
            published_at_least_through=record.published_at_least_through,
            published_through=record.published_through,
            status=record.status,
            source_event=record.source_event,
            entered_at=record.entered_at,
        )


class RecordingOutcome(StrEnum):
    """What became of an entry."""

    ENTERED = "entered"
    EXCLUDED = "excluded"


class ExclusionOut(ResponseModel):
    """Why a penalty was not entered."""

    rule: str
    basis: str
    reason: TextOut


class RecordingOut(ResponseModel):
    """An entered record, or the reason why a penalty is neither recorded nor published."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "entered", "record": _RECORD_EXAMPLE, "exclusion": None}]}
    )

    outcome: RecordingOutcome
    record: RecordOut | None
    exclusion: ExclusionOut | None

    @classmethod
    def of(cls, result: Record | Exclusion) -> Self:
        """Show either."""
        if isinstance(result, Record):
            return cls(outcome=RecordingOutcome.ENTERED, record=RecordOut.of(result), exclusion=None)
        exclusion = ExclusionOut(rule=result.rule, basis=result.basis, reason=TextOut.of(result.reason))
        return cls(outcome=RecordingOutcome.EXCLUDED, record=None, exclusion=exclusion)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[requires("credit.record.write")],
    summary="Enter a credit record (录入信用记录)",
    responses={
        200: {"model": RecordingOut, "description": "An excluded penalty (不纳入): nothing is recorded"}
    },
)
@refuses(
    AgencyOnly,
    SubjectNotFound,
    NotInCatalogue,
    ProviderNotAllowed,
    PenaltyFactsMissing,
    DocumentNotEffective,
    RecordAlreadyEntered,
)
async def enter(
    body: RecordIn, caller: Caller, rules: Rules, uow: InTransaction, response: Response
) -> RecordingOut:
    """Enter a record of the caller's agency; the subject is evaluated again in the same transaction."""
    if caller.agency is None:
        raise AgencyOnly
    command = EnterRecord(entry=body.entry_of(caller.agency), client_id=caller.client_id)
    result = await enter_record(command, rules, uow)
    if isinstance(result, Exclusion):
        response.status_code = HTTPStatus.OK
    return RecordingOut.of(result)
