"""Events about the list of abnormal operations (经营异常名录)."""

from datetime import date, datetime
from typing import Final

from services.registration.domain.abnormal_list import (
    BASES,
    CAUSES,
    Cause,
    Effect,
    Listing,
    ListingState,
    ObjectionState,
)
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

ENTERED: Final = EventType("registration", "abnormal_list", "entered")
REMOVED: Final = EventType("registration", "abnormal_list", "removed")
THREE_YEARS: Final = EventType("registration", "abnormal_list", "three_years")
OBJECTION_ANSWERED: Final = EventType("registration", "abnormal_list", "objection_answered")


class AbnormalListEntered(Payload):
    """An enterprise was put on the list, or an individual business marked; public from this moment on."""

    listing_id: str
    uscc: str
    name: str
    cause: Cause
    cause_zh: str
    cause_en: str
    basis_zh: str
    basis_en: str
    effect: Effect
    year: int | None
    decided_by: str
    entered_at: datetime


class AbnormalListRemoved(Payload):
    """An entry ended: `removed` when the cause was cured, `revoked` when it had been wrong."""

    listing_id: str
    uscc: str
    name: str
    cause: Cause
    effect: Effect
    state: ListingState
    year: int | None
    entered_at: datetime
    ended_at: datetime
    reason_zh: str
    reason_en: str
    decided_by: str


class AbnormalListThreeYears(Payload):
    """An entry has lasted for three years: what the rules on the serious list (严重违法失信名单) begin with."""

    listing_id: str
    uscc: str
    name: str
    cause: Cause
    effect: Effect
    entered_at: datetime
    since: date


class AbnormalListObjectionAnswered(Payload):
    """The authority answered an enterprise that called its entry wrong."""

    listing_id: str
    uscc: str
    outcome: ObjectionState
    answer_zh: str
    answer_en: str


def abnormal_list_entered(listing: Listing, entered_at: datetime, decided_by: str) -> Announcement:
    """Tell the entry with its cause and basis."""
    cause = CAUSES[listing.cause]
    payload = AbnormalListEntered(
        listing_id=str(listing.id),
        uscc=listing.uscc,
        name=listing.name,
        cause=listing.cause,
        cause_zh=cause.zh,
        cause_en=cause.en,
        basis_zh=listing.basis.zh,
        basis_en=listing.basis.en,
        effect=listing.effect,
        year=listing.year,
        decided_by=decided_by,
        entered_at=entered_at,
    )
    return Announcement(ENTERED, listing.uscc, payload)


def abnormal_list_removed(listing: Listing, entered_at: datetime, ended_at: datetime) -> Announcement:
    """Tell the end of an entry."""
    reason = listing.end_reason
    payload = AbnormalListRemoved(
        listing_id=str(listing.id),
        uscc=listing.uscc,
        name=listing.name,
        cause=listing.cause,
        effect=listing.effect,
        state=listing.state,
        year=listing.year,
        entered_at=entered_at,
        ended_at=ended_at,
        reason_zh=reason.zh if reason else "",
        reason_en=reason.en if reason else "",
        decided_by=listing.decided_by or "",
    )
    return Announcement(REMOVED, listing.uscc, payload)


def abnormal_list_three_years(listing: Listing, entered_at: datetime, since: date) -> Announcement:
    """Tell that it has lasted too long."""
    payload = AbnormalListThreeYears(
        listing_id=str(listing.id),
        uscc=listing.uscc,
        name=listing.name,
        cause=listing.cause,
        effect=listing.effect,
        entered_at=entered_at,
        since=since,
    )
    return Announcement(THREE_YEARS, listing.uscc, payload)


def objection_answered(listing: Listing) -> Announcement:
    """Tell what became of an objection."""
    raised = listing.objection
    answer = raised.answer if raised else None
    payload = AbnormalListObjectionAnswered(
        listing_id=str(listing.id),
        uscc=listing.uscc,
        outcome=raised.state if raised else ObjectionState.RAISED,
        answer_zh=answer.zh if answer else "",
        answer_en=answer.en if answer else "",
    )
    return Announcement(OBJECTION_ANSWERED, listing.uscc, payload)


_LISTING: Final = "0198c0de-0000-7000-8000-000000000041"
_NAME: Final = "永济市蒲津渡餐饮有限公司"
_AUTHORITY: Final = "11140881MB9Y00024F"
_CAUSE: Final = Cause.NO_ANNUAL_REPORT

PUBLISHED: tuple[Published, ...] = (
    Published(
        ENTERED,
        AbnormalListEntered,
        AbnormalListEntered(
            listing_id=_LISTING,
            uscc=examples.USCC,
            name=_NAME,
            cause=_CAUSE,
            cause_zh=CAUSES[_CAUSE].zh,
            cause_en=CAUSES[_CAUSE].en,
            basis_zh=BASES[_CAUSE].zh,
            basis_en=BASES[_CAUSE].en,
            effect=Effect.LISTED,
            year=2024,
            decided_by=_AUTHORITY,
            entered_at=examples.AT,
        ),
        "An enterprise was put on the list of abnormal operations.",
    ),
    Published(
        REMOVED,
        AbnormalListRemoved,
        AbnormalListRemoved(
            listing_id=_LISTING,
            uscc=examples.USCC,
            name=_NAME,
            cause=_CAUSE,
            effect=Effect.LISTED,
            state=ListingState.REMOVED,
            year=2024,
            entered_at=examples.AT,
            ended_at=examples.AT,
            reason_zh="已补报年度报告",
            reason_en="the annual report was made up",
            decided_by=_AUTHORITY,
        ),
        "An enterprise was taken off the list: cured, or entered wrongly.",
    ),
    Published(
        THREE_YEARS,
        AbnormalListThreeYears,
        AbnormalListThreeYears(
            listing_id=_LISTING,
            uscc=examples.USCC,
            name=_NAME,
            cause=_CAUSE,
            effect=Effect.LISTED,
            entered_at=examples.AT,
            since=date(2026, 3, 2),
        ),
        "An entry has lasted for three years; credit's process on the serious list begins with it.",
    ),
    Published(
        OBJECTION_ANSWERED,
        AbnormalListObjectionAnswered,
        AbnormalListObjectionAnswered(
            listing_id=_LISTING,
            uscc=examples.USCC,
            outcome=ObjectionState.DISMISSED,
            answer_zh="经核实，列入事由成立",
            answer_en="the cause was found to hold",
        ),
        "An objection to an entry was upheld or dismissed.",
    ),
)
