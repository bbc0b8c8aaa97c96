"""Requests and answers about what authorities do to enterprises."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from services.registration.api.exit_models import Words
from services.registration.api.name_models import BecauseIn
from services.registration.domain.closure import Closure, Decision
from services.registration.domain.exit_notice import ObjectionGround
from services.registration.domain.forced_exit import ForcedExit, ForcedExitState
from services.registration.domain.register_acts import RegisterAct
from shared.web.fields import CivilDate, Flag, RequestModel, ResponseModel, ShortText, UsccField

DocumentNo = Annotated[str, StringConstraints(min_length=2, max_length=100)]
_DECISION: Final[dict[str, JsonValue]] = {
    "decision_no": "永市监罚〔2026〕12号",
    "decided_on": "2026-03-02",
    "decided_by": "永济市市场监督管理局",
    "basis": "《公司法》第二百六十条",
}
_REASON: Final[dict[str, JsonValue]] = {
    "reason_zh": "经复议，原决定被撤销",
    "reason_en": "the decision was set aside on review",
}


class DecisionIn(RequestModel):
    """A decision of an authority, as it was made."""

    decision_no: DocumentNo
    decided_on: CivilDate
    decided_by: ShortText
    basis: ShortText

    def decision(self) -> Decision:
        """As the domain knows it."""
        return Decision(self.decision_no, self.decided_on, self.decided_by, self.basis)


class Penalty(StrEnum):
    """Which penalty ends the business."""

    LICENCE_REVOKED = "licence_revoked"  # 吊销营业执照
    CLOSED_BY_ORDER = "closed_by_order"  # 责令关闭

    @property
    def act(self) -> RegisterAct:
        """The act of the register."""
        return RegisterAct(self.value)


class ClosureIn(DecisionIn):
    """A penalty that ends the business; who stands for the enterprise is barred where personally responsible."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"penalty": "licence_revoked", "representative_is_responsible": True, **_DECISION}]
        }
    )

    penalty: Penalty
    representative_is_responsible: Flag


class ClosureOut(ResponseModel):
    """A decision that ended an enterprise's business; `restored_at` once it was undone."""

    id: UUID
    act: RegisterAct
    decision_no: str
    decided_on: date
    decided_by: str
    basis: str
    version: int
    entered_at: datetime
    restored_at: datetime | None

    @classmethod
    def of(cls, closure: Closure) -> Self:
        """Shape a decision; who was barred by it is nobody else's to know."""
        decision = closure.decision
        return cls(
            id=closure.id,
            act=closure.act,
            decision_no=decision.number,
            decided_on=decision.decided_on,
            decided_by=decision.decided_by,
            basis=decision.basis,
            version=closure.version,
            entered_at=closure.entered_at,
            restored_at=closure.restored_at,
        )


class ClosuresOut(ResponseModel):
    """All decisions against an enterprise, the newest first."""

    entries: list[ClosureOut]


class DocumentedIn(BecauseIn):
    """Why, and by which document."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"document_no": "永政复决〔2026〕3号", **_REASON}]}
    )

    document_no: DocumentNo


class ForcedExitIn(RequestModel):
    """Whose forced deregistration is to begin once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"uscc": "91140881MAE000002E"}]})

    uscc: UsccField


class ForcedExitDecisionIn(DecisionIn):
    """The decision to deregister."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_DECISION, "decision_no": "永审强注〔2026〕1号", "basis": "《公司法》第二百四十一条"}
            ]
        }
    )


class ForcedExitObjectionOut(ResponseModel):
    """An objection; its words and who made it are for the registrar."""

    ground: ObjectionGround
    is_by_agency: bool
    raised_at: datetime
    reason: str | None
    objector: str | None


class ForcedExitOut(ResponseModel):
    """A forced deregistration."""

    id: UUID
    uscc: str
    name: str
    division_code: str
    state: ForcedExitState
    version: int
    closed_on: date
    opened_at: datetime
    noticed_at: datetime | None
    ends_on: Annotated[date | None, Field(description="Last day of the notice")]
    is_provisional: bool
    objections: list[ForcedExitObjectionOut]
    reason_zh: str | None
    reason_en: str | None

    @classmethod
    def of(cls, one: ForcedExit, *, with_words: bool) -> Self:
        """Shape one."""
        return cls(
            id=one.id,
            uscc=one.uscc,
            name=one.name,
            division_code=one.division_code,
            state=one.state,
            version=one.version,
            closed_on=one.closed_on,
            opened_at=one.opened_at,
            noticed_at=one.noticed_at,
            ends_on=one.ends_on,
            is_provisional=one.is_provisional,
            objections=[
                ForcedExitObjectionOut(
                    ground=each.ground,
                    is_by_agency=each.is_by_agency,
                    raised_at=each.raised_at,
                    reason=each.reason if with_words else None,
                    objector=each.objector if with_words else None,
                )
                for each in one.objections
            ],
            reason_zh=one.reason.zh if one.reason else None,
            reason_en=one.reason.en if one.reason else None,
        )


class ForcedExitObjectionIn(RequestModel):
    """What is said against it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ground": "lawsuit", "reason": "该企业为被告的案件尚在审理"}]}
    )

    ground: ObjectionGround
    reason: Words
