"""Requests and answers about notices, objections, bars and clearances of enterprises that leave."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from services.registration.domain.exit_bars import WORDS, BarKind, ExitBar
from services.registration.domain.exit_notice import (
    Commitment,
    ExitNotice,
    NoticeKind,
    NoticeState,
    ObjectionGround,
)
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.liquidation_rules import ClearanceOutcome
from shared.web.fields import CivilDate, Code, RequestModel, ResponseModel, UsccField

Words = Annotated[str, StringConstraints(min_length=2, max_length=1000)]
Reference = Annotated[str, StringConstraints(min_length=2, max_length=100)]
OnBehalf = Annotated[
    Code | None,
    Field(
        description="Who came to the counter of the window or zone that sends this (代收申请人), an opaque id"
    ),
]


class CommitmentIn(RequestModel):
    """An investor's written commitment (承诺书): by its place among the enterprise's people, the first is 1.

    Place 0 is the enterprise that a branch belongs to.
    """

    place: Annotated[StrictInt, Field(ge=0, le=220)]
    signed_on: CivilDate

    def commitment(self) -> Commitment:
        """As the domain knows it."""
        return Commitment(self.place, self.signed_on)


Commitments = Annotated[list[CommitmentIn], Field(max_length=220)]


class NoticeIn(RequestModel):
    """A notice to give; every investor commits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"uscc": "91140881MAE000002E", "commitments": [{"place": 1, "signed_on": "2026-03-02"}]}
            ]
        }
    )

    uscc: UsccField
    commitments: Commitments
    matter_id: UUID | None = None
    on_behalf_of: OnBehalf = None


class ObjectionIn(RequestModel):
    """What is said against the end of the enterprise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ground": "taxes", "reason": "2025年度企业所得税尚未申报"}]}
    )

    ground: ObjectionGround
    reason: Words


class ObjectionOut(ResponseModel):
    """An objection; its words and who made it are for the enterprise, and whoever made it."""

    id: UUID
    ground: ObjectionGround
    agency_uscc: str | None = Field(description="Null where a person objected")
    raised_at: datetime
    withdrawn_at: datetime | None
    reason: str | None


class NoticeOut(ResponseModel):
    """A notice of simple deregistration (简易注销公告)."""

    id: UUID
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    kind: NoticeKind
    state: NoticeState
    version: int
    published_at: datetime
    ends_on: date = Field(description="The last civil day for objections")
    apply_until: date = Field(description="The last civil day to apply for the deregistration")
    is_provisional: bool
    committed_places: list[int]
    objections: list[ObjectionOut]

    @classmethod
    def of(cls, notice: ExitNotice, *, with_words: bool, reader: str | None = None) -> "NoticeOut":
        """Shape a notice; `reader` sees the words of what they said themselves."""
        return cls(
            id=notice.id,
            uscc=notice.uscc,
            name=notice.name,
            enterprise_kind=notice.enterprise_kind,
            kind=notice.kind,
            state=notice.state,
            version=notice.version,
            published_at=notice.published_at,
            ends_on=notice.term.ends_on,
            apply_until=notice.term.apply_until,
            is_provisional=notice.term.is_provisional,
            committed_places=sorted({one.place for one in notice.commitments}),
            objections=[
                ObjectionOut(
                    id=one.id,
                    ground=one.ground,
                    agency_uscc=one.objector if one.is_by_agency else None,
                    raised_at=one.raised_at,
                    withdrawn_at=one.withdrawn_at,
                    reason=one.reason if with_words or one.objector == reader else None,
                )
                for one in notice.objections
            ],
        )


class ExitBarIn(RequestModel):
    """What an agency holds against the simple way out, under its own number."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "shares_frozen", "reference": "（2026）晋0881执12号"}]}
    )

    kind: BarKind
    reference: Reference


class ExitBarOut(ResponseModel):
    """A bar, in force until it is lifted."""

    id: UUID
    uscc: str
    kind: BarKind
    text_zh: str
    text_en: str
    agency_uscc: str
    reference: str | None = Field(
        description="The agency's own number (文号、案号): for that agency and the registrar only"
    )
    entered_at: datetime
    lifted_at: datetime | None

    @classmethod
    def of(cls, bar: ExitBar, *, with_reference: bool = True) -> "ExitBarOut":
        """Shape a bar."""
        words = WORDS[bar.kind]
        return cls(
            id=bar.id,
            uscc=bar.uscc,
            kind=bar.kind,
            text_zh=words.zh,
            text_en=words.en,
            agency_uscc=bar.agency_uscc,
            reference=bar.reference if with_reference else None,
            entered_at=bar.entered_at,
            lifted_at=bar.lifted_at,
        )


class ExitBarsOut(ResponseModel):
    """All bars that were ever entered, the newest first, and whether taxes are cleared."""

    bars: list[ExitBarOut]
    tax_clearance: ClearanceOutcome | None


class ClearanceIn(RequestModel):
    """What the tax agency says: cleared, or on a commitment to settle the rest (承诺制容缺办理)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "cleared", "reference": "永税清〔2026〕31号"}]}
    )

    outcome: ClearanceOutcome
    reference: Reference


class ClearanceOut(ResponseModel):
    """What is kept of it."""

    uscc: str
    outcome: ClearanceOutcome
    reference: str
    told_at: datetime
