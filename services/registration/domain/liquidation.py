"""Liquidation (清算): the group, its notices, the report; the life of one as a table, and what its days are.

Sources: 市场主体登记管理条例 art. 32; 公司法 arts. 229 to 239; 合伙企业法 arts. 86 to 90;
个人独资企业法 arts. 26 to 32; 农民专业合作社法 ch. 6.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.exit_errors import LiquidationGoesOn, LiquidationMoveNotAllowed
from services.registration.domain.exit_policy import OrdinaryPolicy
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseKind, EnterpriseState
from services.registration.domain.wording import Wording
from shared.calendar import CHINA, DueDate, Limit, WorkingCalendar, due, local_date

# Who owns all of an individual business answers for all of it; a branch's debts are its enterprise's.
WITHOUT_LIQUIDATION: Final = frozenset({EnterpriseKind.INDIVIDUAL_BUSINESS, EnterpriseKind.BRANCH})
# Every partner signs the report; a company's meeting of shareholders confirms it.
SIGNED_BY_ALL: Final = frozenset({EnterpriseKind.PARTNERSHIP, EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE})


class LiquidationState(StrEnum):
    """Where a liquidation stands."""

    OPEN = "open"
    CREDITORS_NOTIFIED = "creditors_notified"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class LiquidationMove(StrEnum):
    """What can happen to it."""

    CHANGE_GROUP = "change_group"
    NOTIFY_CREDITORS = "notify_creditors"
    CONCLUDE = "conclude"
    CLOSE = "close"
    ABANDON = "abandon"


_OPEN, _NOTIFIED = LiquidationState.OPEN, LiquidationState.CREDITORS_NOTIFIED
TRANSITIONS: Final = {
    (_OPEN, LiquidationMove.CHANGE_GROUP): _OPEN,
    (_OPEN, LiquidationMove.NOTIFY_CREDITORS): _NOTIFIED,
    (_OPEN, LiquidationMove.ABANDON): LiquidationState.ABANDONED,
    (_NOTIFIED, LiquidationMove.CHANGE_GROUP): _NOTIFIED,
    (_NOTIFIED, LiquidationMove.CONCLUDE): LiquidationState.CONCLUDED,
    (_NOTIFIED, LiquidationMove.ABANDON): LiquidationState.ABANDONED,
    (LiquidationState.CONCLUDED, LiquidationMove.CLOSE): LiquidationState.CLOSED,
    (LiquidationState.CONCLUDED, LiquidationMove.ABANDON): LiquidationState.ABANDONED,
}
UNFINISHED: Final = frozenset({_OPEN, _NOTIFIED, LiquidationState.CONCLUDED})


class ExitReason(StrEnum):
    """Why the enterprise ends. Source: 公司法 art. 229; 条例 art. 31."""

    TERM_EXPIRED = "term_expired"
    RESOLUTION = "resolution"
    MERGED_OR_DIVIDED = "merged_or_divided"
    LICENCE_REVOKED = "licence_revoked"
    COURT_DISSOLVED = "court_dissolved"
    BANKRUPTCY_ENDED = "bankruptcy_ended"


_MAY_GO_ON: Final = frozenset({ExitReason.TERM_EXPIRED, ExitReason.RESOLUTION})
REASONS: Final = {
    ExitReason.TERM_EXPIRED: Wording("营业期限届满", "its term has expired"),
    ExitReason.RESOLUTION: Wording("决议解散", "its members resolved so"),
    ExitReason.MERGED_OR_DIVIDED: Wording("因合并或者分立解散", "it was merged or divided"),
    ExitReason.LICENCE_REVOKED: Wording(
        "被吊销营业执照、责令关闭或者撤销", "its licence was revoked, or it was ordered to close"
    ),
    ExitReason.COURT_DISSOLVED: Wording("人民法院予以解散", "a court dissolved it"),
    ExitReason.BANKRUPTCY_ENDED: Wording(
        "人民法院裁定终结破产程序或者强制清算程序", "a court ended its bankruptcy or compulsory liquidation"
    ),
}


@dataclass(frozen=True)
class GroupMember:
    """A member of the group; the names are published by law."""

    name: str
    is_head: bool


@dataclass(frozen=True)
class LiquidationGroup:
    """清算组: formed on a day, with its head and members."""

    formed_on: date
    members: tuple[GroupMember, ...]


@dataclass(frozen=True)
class CreditorNotice:
    """债权人公告: how creditors state their claims; the contact is published."""

    published_at: datetime
    contact_name: str
    contact_phone: str
    address: str


@dataclass(frozen=True)
class LiquidationReport:
    """清算报告: what remained, and who confirmed it; the places are those of the register, the first is 1."""

    ended_on: date
    confirmed_on: date
    signed_places: tuple[int, ...]
    assets_fen: int
    debts_unpaid_fen: int
    wages_settled: bool
    insurance_settled: bool
    document_sha256: str


@dataclass(frozen=True)
class Liquidation:
    """One liquidation of one enterprise."""

    id: UUID
    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    division_code: str
    state: LiquidationState
    version: int
    reason: ExitReason
    decided_on: date
    group: LiquidationGroup
    opened_at: datetime
    creditors: CreditorNotice | None = None
    report: LiquidationReport | None = None
    ended_at: datetime | None = None


def advance(liquidation: Liquidation, move: LiquidationMove) -> Liquidation:
    """Return the liquidation after a move; raises LiquidationMoveNotAllowed."""
    target = TRANSITIONS.get((liquidation.state, move))
    if target is None:
        raise LiquidationMoveNotAllowed(liquidation.state.value, move.value)
    return replace(liquidation, state=target, version=liquidation.version + 1)


def require_may_go_on(liquidation: Liquidation, state: EnterpriseState) -> None:
    """Only what its term or its members ended goes on; or what is back in business, its decision set aside.

    Source: 公司法 art. 230. Raises: LiquidationGoesOn.
    """
    if liquidation.reason not in _MAY_GO_ON and state not in IN_BUSINESS:
        raise LiquidationGoesOn(liquidation.reason.value)


def group_due(formed_on: date, policy: OrdinaryPolicy, calendar: WorkingCalendar) -> DueDate:
    """Until when the group is published: 10 days from its formation. Source: 条例 art. 32."""
    return _day(policy.group_notice, formed_on, calendar)


def claims_until(
    published_at: datetime, kind: EnterpriseKind, policy: OrdinaryPolicy, calendar: WorkingCalendar
) -> DueDate:
    """Until when creditors who were not told state their claims.

    Source: 公司法 art. 235, 合伙企业法 art. 88 (45 days from the publication); 个人独资企业法 art. 27 (60).
    """
    is_alone = kind is EnterpriseKind.SOLE_PROPRIETOR_ENTERPRISE
    limit = policy.claims_of_sole_proprietor if is_alone else policy.claims
    return _day(limit, local_date(published_at), calendar)


def application_due(
    ended_on: date, kind: EnterpriseKind, policy: OrdinaryPolicy, calendar: WorkingCalendar
) -> DueDate:
    """Until when the deregistration is applied for.

    Source: 条例 art. 32 (30 days from the end of the liquidation); 合伙企业法 art. 90, 个人独资企业法 art. 32 (15).
    """
    limit = policy.application_of_partners if kind in SIGNED_BY_ALL else policy.application
    return _day(limit, ended_on, calendar)


def _day(limit: Limit, start: date, calendar: WorkingCalendar) -> DueDate:
    found = due(limit, datetime.combine(start, time(12), CHINA), calendar)
    return DueDate(local_date(found.at), found.provisional)
