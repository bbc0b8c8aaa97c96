"""The list of abnormal operations (经营异常名录): causes, the life of an entry as one table, objection and removal.

Sources: 企业信息公示暂行条例 art. 17; 企业经营异常名录管理暂行办法 (its day counts are to be confirmed by the city).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.publicity_errors import (
    GroundsMissing,
    ListingMoveNotAllowed,
    ObjectionTooLate,
)
from services.registration.domain.publicity_policy import ListingPolicy
from services.registration.domain.wording import Wording
from shared.calendar import DeadlineLedger, WorkingCalendar, due, local_date


class Cause(StrEnum):
    """Why an enterprise is put on the list (列入事由)."""

    NO_ANNUAL_REPORT = "no_annual_report"
    NOT_PUBLISHED_AS_ORDERED = "not_published_as_ordered"
    FALSE_PUBLICITY = "false_publicity"
    UNREACHABLE = "unreachable"
    NAME_NOT_CHANGED = "name_not_changed"


class Effect(StrEnum):
    """An enterprise is listed (列入); an individual business is marked (标记为经营异常状态)."""

    LISTED = "listed"
    MARKED = "marked"


class ListingState(StrEnum):
    """Where an entry stands."""

    PROPOSED = "proposed"
    ENTERED = "entered"
    REMOVED = "removed"
    DISCARDED = "discarded"
    REVOKED = "revoked"


class ListingMove(StrEnum):
    """What can happen to it."""

    CONFIRM = "confirm"
    DISCARD = "discard"
    REMOVE = "remove"
    REVOKE = "revoke"


_PROPOSED, _ENTERED = ListingState.PROPOSED, ListingState.ENTERED
TRANSITIONS: Final = {
    (_PROPOSED, ListingMove.CONFIRM): ListingState.ENTERED,
    (_PROPOSED, ListingMove.DISCARD): ListingState.DISCARDED,
    (_ENTERED, ListingMove.REMOVE): ListingState.REMOVED,
    (_ENTERED, ListingMove.REVOKE): ListingState.REVOKED,
}
# What rules see by themselves, for entry and for cure; of the others an officer has to be convinced.
CURED_BY_ITSELF: Final = frozenset({Cause.NO_ANNUAL_REPORT, Cause.NOT_PUBLISHED_AS_ORDERED})
CAUSES: Final = {
    Cause.NO_ANNUAL_REPORT: Wording("未依照规定的期限公示年度报告", "no annual report within the time"),
    Cause.NOT_PUBLISHED_AS_ORDERED: Wording(
        "未在责令的期限内公示有关企业信息", "not published within the time that was ordered"
    ),
    Cause.FALSE_PUBLICITY: Wording(
        "公示企业信息隐瞒真实情况、弄虚作假", "what was published hides the truth or is false"
    ),
    Cause.UNREACHABLE: Wording(
        "通过登记的住所（经营场所）无法联系", "not to be reached at the registered address"
    ),
    Cause.NAME_NOT_CHANGED: Wording("未按期办理名称变更登记", "the name was not changed within the time"),
}
BASES: Final = {
    Cause.NO_ANNUAL_REPORT: Wording(
        "《企业信息公示暂行条例》第十七条第一款", "企业信息公示暂行条例 art. 17 para. 1"
    ),
    Cause.NOT_PUBLISHED_AS_ORDERED: Wording(
        "《企业信息公示暂行条例》第十七条第一款", "企业信息公示暂行条例 art. 17 para. 1"
    ),
    Cause.FALSE_PUBLICITY: Wording(
        "《企业信息公示暂行条例》第十七条第一款", "企业信息公示暂行条例 art. 17 para. 1"
    ),
    Cause.UNREACHABLE: Wording(
        "《企业经营异常名录管理暂行办法》第九条", "企业经营异常名录管理暂行办法 art. 9"
    ),
    Cause.NAME_NOT_CHANGED: Wording("《企业名称登记管理规定》第二十三条", "企业名称登记管理规定 art. 23"),
}
MARKED_BASIS: Final = Wording("《个体工商户年度报告暂行办法》", "个体工商户年度报告暂行办法")


class AttemptWay(StrEnum):
    """How the authority tried to reach the enterprise."""

    LETTER = "letter"
    VISIT = "visit"


@dataclass(frozen=True)
class Attempt:
    """A letter that came back, or a visit that found nobody."""

    way: AttemptWay
    on: date
    result: str


class ObjectionState(StrEnum):
    """What became of an objection (异议)."""

    RAISED = "raised"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Objection:
    """An enterprise says that the entry is wrong; the clock is the authority's."""

    state: ObjectionState
    grounds: str
    clock: DeadlineLedger
    answer: Wording | None = None


@dataclass(frozen=True)
class RemovalRequest:
    """An enterprise says that the cause is cured; the clock is the authority's."""

    grounds: str
    clock: DeadlineLedger


@dataclass(frozen=True)
class Listing:
    """One entry for one cause; `clock` runs until it is confirmed, `year` is that of the missing report."""

    id: UUID
    uscc: str
    name: str
    division_code: str
    cause: Cause
    effect: Effect
    state: ListingState
    version: int
    proposed_at: datetime
    clock: DeadlineLedger
    year: int | None = None
    order_id: UUID | None = None
    facts: Wording | None = None
    attempts: tuple[Attempt, ...] = ()
    decided_by: str | None = None
    entered_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: Wording | None = None
    objection: Objection | None = None
    removal_request: RemovalRequest | None = None

    @property
    def basis(self) -> Wording:
        """What it rests on in law."""
        return MARKED_BASIS if self.effect is Effect.MARKED else BASES[self.cause]

    @property
    def is_in_force(self) -> bool:
        """Whether the enterprise stands on the list for it."""
        return self.state is ListingState.ENTERED


def effect_on(kind: EnterpriseKind) -> Effect:
    """Individual businesses are marked, all others listed. Source: 个体工商户年度报告暂行办法."""
    return Effect.MARKED if kind is EnterpriseKind.INDIVIDUAL_BUSINESS else Effect.LISTED


def advance(listing: Listing, move: ListingMove) -> Listing:
    """Return the entry after a move; raises ListingMoveNotAllowed."""
    target = TRANSITIONS.get((listing.state, move))
    if target is None:
        raise ListingMoveNotAllowed(listing.state.value, move.value)
    return replace(listing, state=target, version=listing.version + 1)


def confirmed(listing: Listing, decided_by: str, now: datetime) -> Listing:
    """Enter it: published in the same moment. Raises: ListingMoveNotAllowed."""
    moved = advance(listing, ListingMove.CONFIRM)
    return replace(moved, decided_by=decided_by, entered_at=now, clock=listing.clock.stop(now))


def ended(listing: Listing, move: ListingMove, reason: Wording, decided_by: str, now: datetime) -> Listing:
    """Discard, remove or revoke it, with the reason. Raises: ListingMoveNotAllowed."""
    moved = advance(listing, move)
    request = listing.removal_request
    clock = listing.clock if listing.entered_at else listing.clock.stop(now)
    return replace(
        moved,
        decided_by=decided_by,
        ended_at=now,
        end_reason=reason,
        clock=clock,
        removal_request=replace(request, clock=request.clock.stop(now)) if request else None,
    )


def cured(listing: Listing, reason: Wording, decided_by: str, now: datetime) -> Listing:
    """What the cure does: a proposal is discarded, an entry removed. Raises: ListingMoveNotAllowed."""
    move = ListingMove.DISCARD if listing.state is ListingState.PROPOSED else ListingMove.REMOVE
    return ended(listing, move, reason, decided_by, now)


def object_to(
    listing: Listing, grounds: str, policy: ListingPolicy, calendar: WorkingCalendar, now: datetime
) -> Listing:
    """Raise the one objection, within 30 days of publication.

    Raises: ListingMoveNotAllowed where it is not in force, ObjectionTooLate.
    Source: 企业经营异常名录管理暂行办法 art. 14.
    """
    if not listing.is_in_force or listing.entered_at is None:
        raise ListingMoveNotAllowed(listing.state.value, "object")
    # By the civil day, as a publication runs: until 24:00 of the last one.
    last = local_date(due(policy.objection, listing.entered_at, calendar).at)
    if listing.objection or local_date(now) > last:
        raise ObjectionTooLate
    clock = DeadlineLedger.started(policy.objection_answer, now)
    raised = Objection(ObjectionState.RAISED, grounds, clock)
    return replace(listing, objection=raised, version=listing.version + 1)


def answer_objection(
    listing: Listing, is_upheld: bool, answer: Wording, decided_by: str, now: datetime
) -> Listing:
    """Uphold it, which revokes the entry, or dismiss it. Raises: ListingMoveNotAllowed."""
    raised = listing.objection
    if raised is None or raised.state is not ObjectionState.RAISED:
        raise ListingMoveNotAllowed(listing.state.value, "answer_objection")
    state = ObjectionState.UPHELD if is_upheld else ObjectionState.DISMISSED
    answered = replace(raised, state=state, answer=answer, clock=raised.clock.stop(now))
    told = replace(listing, objection=answered)
    if is_upheld:
        return ended(told, ListingMove.REVOKE, answer, decided_by, now)
    return replace(told, version=listing.version + 1)


def ask_removal(listing: Listing, grounds: str, policy: ListingPolicy, now: datetime) -> Listing:
    """Start the authority's time to remove it. Raises: ListingMoveNotAllowed; a second request changes nothing.

    Source: 企业经营异常名录管理暂行办法 arts. 10 to 13.
    """
    if not listing.is_in_force:
        raise ListingMoveNotAllowed(listing.state.value, "ask_removal")
    if listing.removal_request is not None:
        return listing
    asked = RemovalRequest(grounds, DeadlineLedger.started(policy.removal, now))
    return replace(listing, removal_request=asked, version=listing.version + 1)


def require_unreachable(attempts: Sequence[Attempt], policy: ListingPolicy, today: date) -> None:
    """Nobody is called unreachable before enough attempts have failed, letters the right time apart.

    Raises: GroundsMissing. Source: 企业经营异常名录管理暂行办法 art. 9 (two letters, 15 to 30 days apart).
    """
    if any(attempt.on > today for attempt in attempts):
        raise GroundsMissing("联系记录的日期晚于今天", "an attempt is dated after today")
    if len({(attempt.way, attempt.on) for attempt in attempts}) < policy.failed_attempts:
        number = policy.failed_attempts
        raise GroundsMissing(
            f"须记录至少 {number} 次邮寄或者实地核查未能联系", f"at least {number} failed attempts are needed"
        )
    letters = sorted(attempt.on for attempt in attempts if attempt.way is AttemptWay.LETTER)
    for earlier, later in pairwise(letters):
        if not policy.letters_apart_least <= (later - earlier).days <= policy.letters_apart_most:
            least, most = policy.letters_apart_least, policy.letters_apart_most
            raise GroundsMissing(
                f"两次邮寄间隔应为 {least} 至 {most} 日", f"letters are sent {least} to {most} days apart"
            )
