"""A name kept for somebody who has yet to file (名称保留): one table of transitions.

Source: 企业名称登记管理规定 art. 18: two months, one year where a permit comes first.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.name_errors import ReservationActionNotAllowed
from services.registration.domain.name_policy import ReservationPolicy
from services.registration.domain.name_terms import reminded_at, reserved_until
from services.registration.domain.names import NameParts
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.rule import RuleResult


class ReservationStatus(StrEnum):
    """Where a reservation stands; once a filing uses it, the filing holds the name."""

    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"
    LAPSED = "lapsed"


class ReservationAction(StrEnum):
    """What can happen to a reservation."""

    USE = "use"
    RELEASE = "release"
    LAPSE = "lapse"


TRANSITIONS: Final = {
    (ReservationStatus.RESERVED, ReservationAction.USE): ReservationStatus.USED,
    (ReservationStatus.RESERVED, ReservationAction.RELEASE): ReservationStatus.RELEASED,
    (ReservationStatus.RESERVED, ReservationAction.LAPSE): ReservationStatus.LAPSED,
}


@dataclass(frozen=True)
class NameWish:
    """Which name is to be kept, for what: `for_uscc` is the enterprise whose own name is to change."""

    name: NameParts
    enterprise_kind: EnterpriseKind
    scope: tuple[str, ...]
    for_uscc: str | None = None


@dataclass(frozen=True)
class NameReservation:
    """A reservation until an instant; `remind_at` is when its holder is told of the end, None once told.

    `counter_uscc` is the agency at whose counter it was asked for.
    """

    id: UUID
    status: ReservationStatus
    version: int
    applicant: str
    wish: NameWish
    is_permit_first: bool
    results: tuple[RuleResult, ...]
    reserved_at: datetime
    reserved_until: datetime
    remind_at: datetime | None
    counter_uscc: str | None = None
    filing_id: UUID | None = None


def needs_permit_first(scope: Collection[str], policy: RegistryPolicy) -> bool:
    """Whether a permit comes before registration (前置审批) by any entry of the scope."""
    return any(policy.scope[code].permit_first is not None for code in scope if code in policy.scope)


def terms_of(
    policy: ReservationPolicy, now: datetime, today: date, *, is_permit_first: bool
) -> tuple[datetime, datetime | None]:
    """Until when a name is reserved from now, and when its holder is told of the end, if that is still ahead."""
    until = reserved_until(now, policy.with_permit if is_permit_first else policy.usual, today)
    remind_at = reminded_at(until, policy.reminder)
    return until, remind_at if remind_at > now else None


def advance(
    reservation: NameReservation, action: ReservationAction, filing_id: UUID | None = None
) -> NameReservation:
    """Return the reservation after `action`; raises ReservationActionNotAllowed where its status does not know it."""
    target = TRANSITIONS.get((reservation.status, action))
    if target is None:
        raise ReservationActionNotAllowed(reservation.status.value, action.value)
    return replace(reservation, status=target, version=reservation.version + 1, filing_id=filing_id)
