"""Requests and answers about names."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.name_conflicts import is_referred
from services.registration.domain.name_dispute import DisputeAction, DisputeStatus, NameDispute
from services.registration.domain.name_likeness import Likeness
from services.registration.domain.name_policy import LikenessPolicy
from services.registration.domain.name_reservation import NameReservation, NameWish, ReservationStatus
from services.registration.domain.names import NameParts, name_key
from services.registration.domain.rule import Outcome, RuleResult
from services.registration.domain.wording import Wording
from services.registration.use_cases.check_name import CheckedName
from shared.calendar import DueInstant
from shared.web.fields import Code, RequestModel, ResponseModel, UsccField

Part = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Grounds = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
ScopeCode = Annotated[str, StringConstraints(min_length=1, max_length=20)]

RESERVATION_EXAMPLE: JsonDict = {
    "name": {"division": "永济市", "distinctive": "鹳雀楼", "trade": "餐饮", "form": "有限公司"},
    "enterprise_kind": "limited_company",
    "scope": ["H6210-01"],
}
DISPUTE_EXAMPLE: JsonDict = {
    "claimant_uscc": "91140881MAE000002E",
    "respondent_uscc": "91140881MAE0000A4Y",
    "grounds": "被申请人名称与本企业名称字音相同、行业相同，已造成顾客误认。",
}


def _has_letters(name: str) -> str:
    """Names compare without their marks; of marks alone nothing is left to compare."""
    if not name_key(name):
        raise ValueError("no_letters")
    return name


NameText = Annotated[
    str,
    StringConstraints(min_length=2, max_length=100, strip_whitespace=True),
    AfterValidator(_has_letters),
]


class NameCheckOut(ResponseModel):
    """Whether a name can be had now, and what stands against it; never whose name that is."""

    name: str = Field(examples=["永济市蒲津渡餐饮有限公司"])
    available: bool
    needs_review: bool = Field(description="A registrar would look at it (由登记人员判断)")
    conflicts: list[str] = Field(
        description="same (相同), alike (同行业字号相同), similar (相近行业字号相同), forbidden:<word> (禁用字词)",
        examples=[["same"]],
    )
    resembling: list[Likeness] = Field(
        description="How held names of the same or a neighbouring trade resemble it (相近提示)",
        examples=[["same_sound"]],
    )
    distinctive: str
    trade: str

    @classmethod
    def of(cls, name: str, checked: CheckedName, policy: LikenessPolicy) -> "NameCheckOut":
        """Shape the answer."""
        found = checked.conflicts
        conflicts = [kind for kind in ("same", "alike", "similar") if getattr(found, kind)]
        conflicts += [f"forbidden:{word}" for word in checked.forbidden]
        available = not (found.same or found.alike or checked.forbidden)
        alike = {each.likeness for each in found.resembling}
        return cls(
            name=name,
            available=available,
            needs_review=available and is_referred(found, policy),
            conflicts=conflicts,
            resembling=[like for like in Likeness if like in alike],
            distinctive=checked.keys.distinctive,
            trade=checked.keys.trade,
        )


class NamePartsIn(RequestModel):
    """The parts of a name (名称)."""

    division: Part
    distinctive: Part
    trade: Part
    form: Part


class ReservationIn(RequestModel):
    """Which name is to be kept, for what kind of enterprise and scope.

    `for_uscc` where an enterprise keeps its own next name; `on_behalf_of` where somebody came to a counter.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [RESERVATION_EXAMPLE]})

    name: NamePartsIn
    enterprise_kind: EnterpriseKind
    scope: Annotated[list[ScopeCode], Field(max_length=100, default_factory=list)]
    for_uscc: UsccField | None = None
    on_behalf_of: Code | None = None

    def wish(self) -> NameWish:
        """What is asked for."""
        parts = NameParts(**self.name.model_dump())
        return NameWish(parts, self.enterprise_kind, tuple(self.scope), self.for_uscc)


class NameFindingOut(ResponseModel):
    """What a rule has to say about the name, beyond that it holds."""

    rule: str = Field(examples=["name.resembling"])
    outcome: Outcome
    pointer: str = Field(examples=["/name/distinctive"])
    basis_zh: str
    basis_en: str
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, result: RuleResult) -> "NameFindingOut":
        """Shape the answer."""
        return cls.model_validate(result, from_attributes=True)


class ReservationOut(ResponseModel):
    """A name that is kept (名称保留)."""

    id: UUID
    status: ReservationStatus
    version: int
    name: str = Field(examples=["永济市鹳雀楼餐饮有限公司"])
    parts: NamePartsIn
    enterprise_kind: EnterpriseKind
    scope: list[str]
    for_uscc: str | None
    permit_first: bool = Field(
        description="A permit comes before registration, so it is kept longer (前置审批)"
    )
    reserved_at: datetime
    reserved_until: datetime
    filing_id: UUID | None
    findings: list[NameFindingOut]

    @classmethod
    def of(cls, one: NameReservation) -> "ReservationOut":
        """Shape the answer."""
        return cls(
            id=one.id,
            status=one.status,
            version=one.version,
            name=one.wish.name.full,
            parts=NamePartsIn.model_validate(one.wish.name, from_attributes=True),
            enterprise_kind=one.wish.enterprise_kind,
            scope=list(one.wish.scope),
            for_uscc=one.wish.for_uscc,
            permit_first=one.is_permit_first,
            reserved_at=one.reserved_at,
            reserved_until=one.reserved_until,
            filing_id=one.filing_id,
            findings=[NameFindingOut.of(r) for r in one.results if r.outcome is not Outcome.PASSED],
        )


class DisputeIn(RequestModel):
    """Who asks about whose name, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [DISPUTE_EXAMPLE]})

    claimant_uscc: UsccField
    respondent_uscc: UsccField
    grounds: Grounds


class BecauseIn(RequestModel):
    """Why, in both languages."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason_zh": "材料不全", "reason_en": "papers are missing"}]}
    )

    reason_zh: Reason
    reason_en: Reason

    def wording(self) -> Wording:
        """The reason."""
        return Wording(self.reason_zh, self.reason_en)


class Ruling(StrEnum):
    """How the registrar rules on a name (裁决结果)."""

    NO_INFRINGEMENT = "no_infringement"
    STOP_USE = "stop_use"

    @property
    def action(self) -> DisputeAction:
        """What it does to the dispute."""
        return DisputeAction.STOP_USE if self is Ruling.STOP_USE else DisputeAction.DISMISS


class RulingIn(BecauseIn):
    """The ruling with its reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "stop_use",
                    "reason_zh": "字音、行业相同，足以造成误认",
                    "reason_en": "the same sound and trade mislead the public",
                }
            ]
        }
    )

    outcome: Ruling


class DisputeOut(ResponseModel):
    """A dispute over a name (企业名称争议)."""

    id: UUID
    status: DisputeStatus
    version: int
    claimant_uscc: str
    respondent_uscc: str
    respondent_name: str
    grounds: str
    submitted_at: datetime
    due_at: datetime | None = Field(
        description="When what is next is due: taking it up, ruling, changing the name"
    )
    is_provisional: bool = Field(
        description="The calendar of the year is not published yet: `due_at` may change"
    )
    reason_zh: str | None
    reason_en: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, one: NameDispute, due: DueInstant | None) -> "DisputeOut":
        """Shape the answer."""
        return cls(
            id=one.id,
            status=one.status,
            version=one.version,
            claimant_uscc=one.claimant_uscc,
            respondent_uscc=one.respondent_uscc,
            respondent_name=one.respondent_name,
            grounds=one.grounds,
            submitted_at=one.submitted_at,
            due_at=due.at if due else None,
            is_provisional=due is not None and due.provisional,
            reason_zh=one.reason.zh if one.reason else None,
            reason_en=one.reason.en if one.reason else None,
            decided_at=one.decided_at,
        )
