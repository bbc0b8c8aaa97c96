"""Entries of the list of abnormal operations on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from services.registration.domain.abnormal_list import (
    CAUSES,
    Attempt,
    AttemptWay,
    Cause,
    Effect,
    Listing,
    ListingState,
    ObjectionState,
)
from services.registration.domain.wording import Wording
from shared.calendar import DeadlineLedger, WorkingCalendar
from shared.web.fields import CivilDate, LongText, RequestModel, ResponseModel, ShortText, UsccField


class AttemptIn(RequestModel):
    """A letter that came back, or a visit that found nobody."""

    way: AttemptWay = Field(examples=["visit"])
    on: CivilDate = Field(examples=["2026-03-02"])
    result: ShortText = Field(examples=["经营场所无人，已张贴通知"])

    def attempt(self) -> Attempt:
        """What the domain takes."""
        return Attempt(self.way, self.on, self.result)


class ReasonsIn(RequestModel):
    """Why, in both languages."""

    reason_zh: LongText = Field(examples=["经实地核查已能够联系"])
    reason_en: LongText = Field(examples=["the enterprise was found at its address"])

    def wording(self) -> Wording:
        """What the domain takes."""
        return Wording(self.reason_zh, self.reason_en)


class ProposalIn(ReasonsIn):
    """A cause that an officer found; letters and visits where nobody could be reached, the year of no report."""

    uscc: UsccField
    cause: Cause = Field(examples=["false_publicity"])
    attempts: Annotated[list[AttemptIn], Field(max_length=20)] = Field(default=[], examples=[[]])
    year: Annotated[StrictInt, Field(ge=2013, le=9998)] | None = Field(
        default=None, description="Of the missing report (年度), with that cause only", examples=[None]
    )


class ObjectionAnswerIn(ReasonsIn):
    """Whether the enterprise is right."""

    is_upheld: StrictBool = Field(examples=[False])


class GroundsIn(RequestModel):
    """What the enterprise says."""

    grounds: LongText = Field(examples=["已按规定完成，请予核实"])


class ClockOut(ResponseModel):
    """A time that runs; provisional where the calendar of the year is not published yet."""

    due_at: datetime
    is_provisional: bool
    is_overdue: bool

    @classmethod
    def of(cls, clock: DeadlineLedger, calendar: WorkingCalendar, now: datetime) -> "ClockOut":
        """As the calendar is known now; another machine's clock may have started it a moment ahead of ours."""
        at = max(now, clock.entries[0].at)
        due = clock.due_if_resumed(at, calendar)
        return cls(due_at=due.at, is_provisional=due.provisional, is_overdue=clock.is_overdue(at, calendar))


class ListingOut(ResponseModel):
    """An entry as everybody sees it."""

    id: UUID
    uscc: str
    name: str
    cause: Cause
    cause_zh: str
    cause_en: str
    basis_zh: str
    basis_en: str
    effect: Effect
    state: ListingState
    version: int
    year: int | None
    decided_by: str | None
    entered_at: datetime | None
    ended_at: datetime | None
    end_reason_zh: str | None
    end_reason_en: str | None

    @classmethod
    def of(cls, listing: Listing) -> "ListingOut":
        """Shape an entry."""
        return cls(**_public(listing))


class AttemptOut(ResponseModel):
    """How the authority tried to reach the enterprise."""

    way: AttemptWay
    on: date
    result: str


class ObjectionOut(ResponseModel):
    """An objection and what became of it."""

    state: ObjectionState
    grounds: str
    clock: ClockOut
    answer_zh: str | None
    answer_en: str | None


class RemovalRequestOut(ResponseModel):
    """The enterprise says that the cause is cured."""

    grounds: str
    clock: ClockOut


class ListingFileOut(ListingOut):
    """An entry with its file, for the supervisor and the enterprise."""

    proposed_at: datetime
    clock: ClockOut
    facts_zh: str | None
    facts_en: str | None
    attempts: list[AttemptOut]
    objection: ObjectionOut | None
    removal_request: RemovalRequestOut | None

    @classmethod
    def opened(cls, listing: Listing, calendar: WorkingCalendar, now: datetime) -> "ListingFileOut":
        """Shape it with its clocks as of now."""
        objection, removal, facts = listing.objection, listing.removal_request, listing.facts
        answer = objection.answer if objection else None
        return cls(
            **_public(listing),
            proposed_at=listing.proposed_at,
            clock=ClockOut.of(listing.clock, calendar, now),
            facts_zh=facts.zh if facts else None,
            facts_en=facts.en if facts else None,
            attempts=[AttemptOut(way=each.way, on=each.on, result=each.result) for each in listing.attempts],
            objection=ObjectionOut(
                state=objection.state,
                grounds=objection.grounds,
                clock=ClockOut.of(objection.clock, calendar, now),
                answer_zh=answer.zh if answer else None,
                answer_en=answer.en if answer else None,
            )
            if objection
            else None,
            removal_request=RemovalRequestOut(
                grounds=removal.grounds, clock=ClockOut.of(removal.clock, calendar, now)
            )
            if removal
            else None,
        )


def _public(listing: Listing) -> dict[str, object]:
    cause, reason = CAUSES[listing.cause], listing.end_reason
    return {
        "id": listing.id,
        "uscc": listing.uscc,
        "name": listing.name,
        "cause": listing.cause,
        "cause_zh": cause.zh,
        "cause_en": cause.en,
        "basis_zh": listing.basis.zh,
        "basis_en": listing.basis.en,
        "effect": listing.effect,
        "state": listing.state,
        "version": listing.version,
        "year": listing.year,
        "decided_by": listing.decided_by,
        "entered_at": listing.entered_at,
        "ended_at": listing.ended_at,
        "end_reason_zh": reason.zh if reason else None,
        "end_reason_en": reason.en if reason else None,
    }
