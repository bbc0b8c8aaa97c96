"""The notice before a simple deregistration (简易注销公告), objections to it (异议), and how long it serves.

Sources: 市场主体登记管理条例 art. 33; 实施细则 art. 49; 公司法 art. 240 (at least 20 days).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.exit_errors import NoticeMoveNotAllowed, ObjectionNotFound
from services.registration.domain.exit_policy import SimplePolicy
from services.registration.domain.kinds import EnterpriseKind
from shared.calendar import CHINA, WorkingCalendar, due, local_date


class NoticeKind(StrEnum):
    """Published for everybody (公告); or an individual business's filing, told to departments alone (推送)."""

    PUBLIC = "public"
    TOLD = "told"


class NoticeState(StrEnum):
    """Where a notice stands."""

    PUBLISHED = "published"
    OBJECTED = "objected"
    ELAPSED = "elapsed"
    USED = "used"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class NoticeMove(StrEnum):
    """What can happen to it."""

    OBJECT = "object"
    END = "end"
    USE = "use"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


_PUBLISHED, _ELAPSED = NoticeState.PUBLISHED, NoticeState.ELAPSED
TRANSITIONS: Final = {
    (_PUBLISHED, NoticeMove.OBJECT): NoticeState.OBJECTED,
    (_PUBLISHED, NoticeMove.END): NoticeState.ELAPSED,
    (_PUBLISHED, NoticeMove.WITHDRAW): NoticeState.WITHDRAWN,
    (_ELAPSED, NoticeMove.USE): NoticeState.USED,
    (_ELAPSED, NoticeMove.LAPSE): NoticeState.LAPSED,
    (_ELAPSED, NoticeMove.WITHDRAW): NoticeState.WITHDRAWN,
}
RUNNING: Final = frozenset({_PUBLISHED, _ELAPSED})


class ObjectionGround(StrEnum):
    """What is said against the end of the enterprise."""

    DEBTS = "debts"  # 债务未清偿
    WAGES = "wages"  # 拖欠工资
    TAXES = "taxes"  # 欠税
    SOCIAL_INSURANCE = "social_insurance"  # 欠缴社会保险费
    LAWSUIT = "lawsuit"  # 诉讼、仲裁
    INVESTIGATION = "investigation"  # 立案调查
    OTHER = "other"


@dataclass(frozen=True)
class Objection:
    """An objection: by an agency, named by its code, or by a person, named by an opaque id."""

    id: UUID
    objector: str
    is_by_agency: bool
    ground: ObjectionGround
    reason: str
    raised_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Commitment:
    """全体投资人承诺: whoever stands at this place of the register (the first is 1) signed it on the day.

    Place 0 is the enterprise that a branch belongs to.
    """

    place: int
    signed_on: date


@dataclass(frozen=True)
class NoticeTerm:
    """Until when one may object, and until when it serves: civil days, both included.

    Provisional while the holidays of a year that has a part in it are unpublished.
    """

    ends_on: date
    apply_until: date
    is_provisional: bool


@dataclass(frozen=True)
class ExitNotice:
    """One notice of one enterprise; `filing_id` is the filing that holds it, made in time.

    What departments alone were told always names its filing, which holds it unless it `was_sent_back`.
    """

    id: UUID
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    division_code: str
    kind: NoticeKind
    state: NoticeState
    version: int
    applicant: str
    commitments: tuple[Commitment, ...]
    published_at: datetime
    term: NoticeTerm
    matter_id: UUID | None = None
    filing_id: UUID | None = None
    objections: tuple[Objection, ...] = ()
    was_sent_back: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it may still lead to a deregistration."""
        return self.state in RUNNING

    @property
    def is_held(self) -> bool:
        """Whether a filing that was made in time waits for it, or with it for an officer."""
        return self.filing_id is not None and not self.was_sent_back

    @property
    def ended_at(self) -> datetime:
        """The last second of its last civil day: objections are taken day and night."""
        return datetime.combine(self.term.ends_on, time(23, 59, 59), CHINA)

    @property
    def stands_objected(self) -> bool:
        """Whether an agency upholds an objection to it; a person objects anew to the next notice."""
        return any(one.is_by_agency and one.withdrawn_at is None for one in self.objections)


def term_of(
    published_at: datetime, kind: NoticeKind, policy: SimplePolicy, calendar: WorkingCalendar
) -> NoticeTerm:
    """Count the days: the first is the one after; a last day on which offices are shut moves on.

    Source: 民法典 arts. 201 to 203.
    """
    ends = due(policy.notice if kind is NoticeKind.PUBLIC else policy.hearing, published_at, calendar)
    until = due(policy.application, ends.at, calendar)
    return NoticeTerm(local_date(ends.at), local_date(until.at), ends.provisional or until.provisional)


def advance(notice: ExitNotice, move: NoticeMove) -> ExitNotice:
    """Return the notice after a move; raises NoticeMoveNotAllowed."""
    target = TRANSITIONS.get((notice.state, move))
    if target is None:
        raise NoticeMoveNotAllowed(notice.state.value, move.value)
    return replace(notice, state=target, version=notice.version + 1)


def settled(notice: ExitNotice, now: datetime) -> ExitNotice:
    """The notice as the day says it stands, however late somebody looks; one that a filing holds lapses no more."""
    today = local_date(now)
    if notice.state is NoticeState.PUBLISHED and today > notice.term.ends_on:
        notice = advance(notice, NoticeMove.END)
    if notice.state is NoticeState.ELAPSED and today > notice.term.apply_until and not notice.is_held:
        notice = advance(notice, NoticeMove.LAPSE)
    return notice


def hold(notice: ExitNotice, filing_id: UUID) -> ExitNotice:
    """An officer has the filing: the notice waits as long as that takes."""
    return replace(notice, filing_id=filing_id, was_sent_back=False, version=notice.version + 1)


def let_go(notice: ExitNotice) -> ExitNotice:
    """The filing went back to the applicant, or is no more: the notice serves until its own last day."""
    if notice.kind is NoticeKind.PUBLIC:
        return replace(notice, filing_id=None, version=notice.version + 1)
    return replace(notice, was_sent_back=True, version=notice.version + 1)


def object_to(notice: ExitNotice, objection: Objection) -> ExitNotice:
    """Close the simple way. A second objection joins the first. Raises: NoticeMoveNotAllowed."""
    if notice.state is NoticeState.OBJECTED:
        return replace(notice, objections=(*notice.objections, objection), version=notice.version + 1)
    return replace(advance(notice, NoticeMove.OBJECT), objections=(*notice.objections, objection))


def take_back(notice: ExitNotice, objection_id: UUID, objector: str, now: datetime) -> ExitNotice:
    """Withdraw one's own objection: what it was about is settled. The notice stays closed.

    Raises: ObjectionNotFound.
    """
    mine = [one for one in notice.objections if (one.id, one.objector) == (objection_id, objector)]
    if not mine:
        raise ObjectionNotFound
    objections = tuple(
        replace(one, withdrawn_at=one.withdrawn_at or now) if one in mine else one
        for one in notice.objections
    )
    return replace(notice, objections=objections, version=notice.version + 1)


def is_closed(earlier: Iterable[ExitNotice], policy: SimplePolicy) -> bool:
    """Whether the simple way is closed: an agency upholds its objection, or it was tried often enough.

    Source: 国市监注发〔2021〕45号 (once what was objected to has gone, notice may be given again); how often is the
    pack's.
    """
    objected = [one for one in earlier if one.state is NoticeState.OBJECTED]
    return len(objected) >= policy.tries or any(one.stands_objected for one in objected)
