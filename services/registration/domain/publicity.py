"""Publicity (信息公示): what an enterprise makes known as it happens, and orders to make something known."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.publicity_errors import DisclosureNotFound
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.domain.wording import Wording
from shared.calendar import CHINA, DeadlineLedger, WorkingCalendar, due


class DisclosureKind(StrEnum):
    """Instant information (即时信息). Source: 企业信息公示暂行条例 art. 10."""

    CAPITAL_CONTRIBUTION = "capital_contribution"
    EQUITY_TRANSFER = "equity_transfer"
    PERMIT = "permit"
    INTELLECTUAL_PROPERTY_PLEDGE = "intellectual_property_pledge"
    PENALTY = "penalty"
    OTHER = "other"


KINDS: Final = {
    DisclosureKind.CAPITAL_CONTRIBUTION: Wording("股东认缴和实缴的出资", "contributions of shareholders"),
    DisclosureKind.EQUITY_TRANSFER: Wording("股权转让等股权变更", "transfers of equity"),
    DisclosureKind.PERMIT: Wording("行政许可的取得、变更、延续", "permits: got, changed, prolonged"),
    DisclosureKind.INTELLECTUAL_PROPERTY_PLEDGE: Wording(
        "知识产权出质登记", "pledges of intellectual property"
    ),
    DisclosureKind.PENALTY: Wording("受到行政处罚", "administrative penalties"),
    DisclosureKind.OTHER: Wording("其他依法应当公示的信息", "whatever else the law wants known"),
}


@dataclass(frozen=True)
class DisclosedContent:
    """What is made known; the amount in fen, the number that of a permit, a pledge or a decision."""

    statement: str
    arose_on: date
    amount_fen: int | None = None
    document_number: str | None = None


@dataclass(frozen=True)
class Disclosure:
    """One piece of instant information; a correction is its next version, the one before stays to be seen."""

    id: UUID
    uscc: str
    kind: DisclosureKind
    version: int
    content: DisclosedContent
    is_late: bool
    published_at: datetime
    order_id: UUID | None = None


class OrderState(StrEnum):
    """What became of an order to publish (责令公示)."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class PublicationOrder:
    """The authority orders an enterprise to make something known within a time."""

    id: UUID
    uscc: str
    kind: DisclosureKind
    wanted: Wording
    state: OrderState
    clock: DeadlineLedger
    ordered_by: str


def is_late(
    content: DisclosedContent, policy: PublicityPolicy, calendar: WorkingCalendar, now: datetime
) -> bool:
    """Whether it comes later than 20 working days after the day on which it arose.

    Source: 企业信息公示暂行条例 art. 10.
    """
    arose = datetime.combine(content.arose_on, time(), CHINA).astimezone(UTC)
    last = due(policy.disclosure, arose, calendar).at.astimezone(CHINA).date()
    return now.astimezone(CHINA).date() > last


def corrected(disclosure: Disclosure, content: DisclosedContent, now: datetime) -> Disclosure:
    """Put right what was published. Source: 企业信息公示暂行条例 art. 12 (更正前后的信息应当同时公示)."""
    return replace(disclosure, content=content, version=disclosure.version + 1, published_at=now)


def fulfilled(order: PublicationOrder, uscc: str, kind: DisclosureKind, now: datetime) -> PublicationOrder:
    """The order is met, in time or not. Raises: DisclosureNotFound where it orders something else."""
    if order.uscc != uscc or order.kind is not kind:
        raise DisclosureNotFound
    if order.state is OrderState.OPEN:
        return replace(order, state=OrderState.FULFILLED, clock=order.clock.stop(now))
    return replace(order, state=OrderState.FULFILLED)
