"""Requests and answers about false registrations (虚假登记)."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StrictInt

from services.registration.api.acts.shapes import IdNumber
from services.registration.api.authority_models import DecisionIn
from services.registration.api.exit_models import Words
from services.registration.api.name_models import BecauseIn
from services.registration.domain.false_registration import CaseStatus, FalseRegistration
from services.registration.domain.wording import Wording
from shared.calendar import DueInstant
from shared.identifiers import examine_citizen_id
from shared.web.fields import RequestModel, ResponseModel, ShortText, UsccField


def _sound(id_number: str) -> str:
    if examine_citizen_id(id_number):
        raise ValueError(
            "citizen_id|公民身份号码不正确（GB 11643）|not a sound citizen identity number (GB 11643)"
        )
    return id_number


class CaseIn(RequestModel):
    """Which registration is false, and why; version 1 is the establishment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uscc": "91140881MAE000002E",
                    "target_version": 1,
                    "statement": "本人身份证遗失后被冒用登记为法定代表人",
                }
            ]
        }
    )

    uscc: UsccField
    target_version: Annotated[StrictInt, Field(ge=1, le=2**31 - 2)]
    statement: Words


class FactsIn(RequestModel):
    """What everybody may read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "facts_zh": "该企业涉嫌冒用他人身份取得设立登记，登记住所无法联系",
                    "facts_en": "registered in a stranger's name, it seems; nobody is found at its address",
                }
            ]
        }
    )

    facts_zh: Words
    facts_en: Words

    def wording(self) -> Wording:
        """Both languages."""
        return Wording(self.facts_zh, self.facts_en)


class ObjectionToFactsIn(RequestModel):
    """What is said against the facts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "本人系实际经营者，登记属实"}]})

    reason: Words


class ExtensionIn(BecauseIn):
    """Why the investigation takes longer, and on what it rests."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason_zh": "需司法鉴定笔迹",
                    "reason_en": "handwriting is examined",
                    "legal_basis": "《市场主体登记管理条例实施细则》第五十三条",
                }
            ]
        }
    )

    legal_basis: ShortText


class RevocationIn(DecisionIn):
    """The decision to revoke; those directly responsible register nothing for three years."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "decision_no": "永审撤字〔2026〕2号",
                    "decided_on": "2026-03-02",
                    "decided_by": "永济市行政审批服务管理局",
                    "basis": "《市场主体登记管理条例》第四十条",
                    "responsible": ["140881199001010010"],
                }
            ]
        }
    )

    responsible: Annotated[
        list[Annotated[IdNumber, AfterValidator(_sound)]],
        Field(max_length=10, description="Identity numbers, turned into references and not kept"),
    ]


class CaseOut(ResponseModel):
    """A case; the statement is for the registrar and who applied."""

    id: UUID
    uscc: str
    name: str
    division_code: str
    target_version: int
    status: CaseStatus
    version: int
    is_on_application: bool
    statement: str | None
    submitted_at: datetime
    due_at: Annotated[datetime | None, Field(description="When what is next is due")]
    due_is_provisional: bool
    facts_zh: str | None
    facts_en: str | None
    ends_on: Annotated[date | None, Field(description="Last day of the publication")]
    reason_zh: str | None
    reason_en: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, case: FalseRegistration, due: DueInstant | None, *, with_words: bool) -> Self:
        """Shape a case."""
        return cls(
            id=case.id,
            uscc=case.uscc,
            name=case.name,
            division_code=case.division_code,
            target_version=case.target_version,
            status=case.status,
            version=case.version,
            is_on_application=case.applicant is not None,
            statement=case.statement if with_words else None,
            submitted_at=case.submitted_at,
            due_at=due.at if due else None,
            due_is_provisional=case.is_provisional or (due is not None and due.provisional),
            facts_zh=case.facts.zh if case.facts else None,
            facts_en=case.facts.en if case.facts else None,
            ends_on=case.ends_on,
            reason_zh=case.reason.zh if case.reason else None,
            reason_en=case.reason.en if case.reason else None,
            decided_at=case.decided_at,
        )


class CasesOut(ResponseModel):
    """All of an enterprise that were published or revoked, the newest first."""

    entries: list[CaseOut]
