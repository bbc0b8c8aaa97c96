"""Requests and answers about files that registrars hand to one another."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from services.registration.api.acts.shapes import IdNumber, PersonName
from services.registration.api.clocks import ClockOut
from services.registration.api.filing_models import ReasonIn
from services.registration.domain.acts.relocation import Relocation
from services.registration.domain.filing import Filing
from services.registration.domain.hand_over import Direction, HandOver, HandOverStatus, MatterKind, Refused
from services.registration.use_cases.hand_over_file import AskForFile
from shared.calendar import WorkingCalendar
from shared.security.principal import Principal
from shared.web.fields import CivilDate, Code, DivisionCode, RequestModel, ResponseModel, ShortText, UsccField

MAX_DOSSIER = 8 * 1024 * 1024
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class FileRequestIn(RequestModel):
    """Another registrar asks for the file of an enterprise that moves there (调档)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reference": "0198c0de-0000-7000-8000-000000000001",
                    "uscc": "91140881MAE000002E",
                    "name": "永济市蒲津渡餐饮有限公司",
                    "representative_name": "张三丰",
                    "representative_id_number": "140881199001010010",
                    "division_code": "140882001",
                    "address": "河津市城区街道龙门大道1号",
                }
            ]
        }
    )

    reference: Annotated[Code, Field(description="How the asking registrar calls its request")]
    uscc: UsccField
    name: ShortText
    representative_name: PersonName
    representative_id_number: IdNumber
    division_code: DivisionCode
    address: ShortText

    def command(self, caller: Principal) -> AskForFile:
        """As the use case takes it."""
        return AskForFile(caller=caller, **self.model_dump())


class DossierIn(RequestModel):
    """The signed file (compact JWS)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dossier": "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"}]})

    dossier: Annotated[str, StringConstraints(min_length=1, max_length=MAX_DOSSIER - 1024)]


class KeepBackIn(ReasonIn):
    """One of the city's reasons, and the words of whoever decides."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason_code": "identity_not_proven",
                    "reason_zh": "申请人不是法定代表人",
                    "reason_en": "whoever applied does not stand for the enterprise",
                }
            ]
        }
    )

    reason_code: ReasonCode = Field(examples=["identity_not_proven"])

    def refused(self) -> Refused:
        """As the domain knows it."""
        return Refused(self.reason_code, self.wording())


class PaperFilesIn(RequestModel):
    """On which day the paper files went over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"moved_on": "2026-05-06"}]})

    moved_on: CivilDate


class MatterOut(ResponseModel):
    """What is open about the enterprise."""

    kind: MatterKind
    text_zh: str
    text_en: str
    reference: str | None


class RefusedOut(ResponseModel):
    """Why the file is kept back."""

    code: str
    zh: str
    en: str


class ApplicantOut(ResponseModel):
    """Who applied for the move, for the registrar that keeps the file to compare."""

    representative_name: str
    representative_id_number: str


class RelocationSummaryOut(ResponseModel):
    """An enterprise on its way between this registrar and another (迁移)."""

    id: UUID
    direction: Direction
    status: HandOverStatus
    version: int
    uscc: str
    name: str
    other_registrar_uscc: str
    division_code: str = Field(description="Where it goes")
    address: str
    reference: str
    requested_at: datetime
    handed_over_at: datetime | None
    open_matters: list[MatterOut]

    @classmethod
    def of(cls, one: HandOver) -> "RelocationSummaryOut":
        """Shape it for a list."""
        return cls(**_summary(one))


class RelocationOut(RelocationSummaryOut):
    """With its clock, why it was refused, and the signed file for the registrar that it is for."""

    clock: ClockOut
    paper_files_due_on: date | None
    paper_files_moved_on: date | None
    refused: RefusedOut | None
    applicant: ApplicantOut | None
    dossier: str | None

    @classmethod
    def shaped(
        cls, one: HandOver, calendar: WorkingCalendar, filing: Filing | None, dossier: str | None
    ) -> "RelocationOut":
        """Shape one: the applicant of what comes in, the file of what goes out."""
        return cls(
            **_summary(one),
            clock=ClockOut.of(one.clock, calendar),
            paper_files_due_on=one.paper_files_due_on,
            paper_files_moved_on=one.paper_files_moved_on,
            refused=RefusedOut(code=one.refused.code, zh=one.refused.reason.zh, en=one.refused.reason.en)
            if one.refused
            else None,
            applicant=_applicant(filing),
            dossier=dossier,
        )


def _summary(one: HandOver) -> dict[str, object]:
    return {
        "id": one.id,
        "direction": one.direction,
        "status": one.status,
        "version": one.version,
        "uscc": one.uscc,
        "name": one.name,
        "other_registrar_uscc": one.other_registrar,
        "division_code": one.division_code,
        "address": one.address,
        "reference": one.reference or str(one.id),
        "requested_at": one.requested_at,
        "handed_over_at": one.handed_over_at,
        "open_matters": [
            MatterOut(kind=m.kind, text_zh=m.text.zh, text_en=m.text.en, reference=m.reference)
            for m in one.open_matters
        ],
    }


def _applicant(filing: Filing | None) -> ApplicantOut | None:
    filed = filing.content if filing else None
    if not isinstance(filed, Relocation) or filed.coming_from is None:
        return None
    coming = filed.coming_from
    return ApplicantOut(
        representative_name=coming.representative_name,
        representative_id_number=coming.representative_id_number,
    )
