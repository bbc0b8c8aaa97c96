"""A delegation (权限下放): a zone may decide an item in its region, from a day on, until it ends or is withdrawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.powers.domain.errors import DelegationEnded
from shared.security.office import region_covers


class DelegationStatus(StrEnum):
    """Where a delegation stands; pending and expired follow from the time alone."""

    PENDING = "pending"
    RUNNING = "running"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DelegationAction(StrEnum):
    """What may be done to a delegation."""

    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[tuple[DelegationStatus, DelegationAction], DelegationStatus]] = MappingProxyType(
    {
        (DelegationStatus.PENDING, DelegationAction.WITHDRAW): DelegationStatus.WITHDRAWN,
        (DelegationStatus.RUNNING, DelegationAction.WITHDRAW): DelegationStatus.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class Wording:
    """A text for persons, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Power:
    """A power that may be delegated: over which item, and which agency holds it."""

    item: str
    name: Wording
    agency_uscc: str


@dataclass(frozen=True)
class Terms:
    """What is delegated to whom, where and for how long; on which legal basis (法定依据)."""

    item: str
    zone_uscc: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None
    legal_basis: str


@dataclass(frozen=True)
class Withdrawal:
    """That it was withdrawn (收回), by whom, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Delegation:
    """A delegation and its life so far; actors are references."""

    delegation_id: UUID
    granting_uscc: str
    terms: Terms
    given_by: str
    given_at: datetime
    withdrawal: Withdrawal | None = None
    version: int = 1

    def status_at(self, now: datetime) -> DelegationStatus:
        """Return the status as it counts at an instant."""
        if self.withdrawal is not None:
            return DelegationStatus.WITHDRAWN
        if self.terms.valid_until is not None and self.terms.valid_until <= now:
            return DelegationStatus.EXPIRED
        return DelegationStatus.PENDING if now < self.terms.valid_from else DelegationStatus.RUNNING


@dataclass(frozen=True)
class Flaw:
    """One reason why a power cannot be delegated so: where in the request, a stable code, what is wrong."""

    pointer: str
    code: str
    zh: str
    en: str


def flaws_of(
    terms: Terms, *, power: Power | None, towns: tuple[str, ...] | None, now: datetime
) -> Iterator[Flaw]:
    """Yield every reason against a delegation; `towns` are the zone's, None where the agency is no zone.

    Source: 行政许可法 art. 24 (delegation within the law, published); 朔州规划 专栏3 (item by item, both ways).
    """
    if power is None:
        yield Flaw("/item", "unknown_item", "清单中没有该事项", "is not on the list of powers")
    if towns is None:
        yield Flaw("/zone", "not_a_zone", "不是本地区的开发区或园区", "is no development zone of this region")
    for place, region in enumerate(terms.regions):
        if region in terms.regions[:place]:
            yield Flaw(f"/regions/{place}", "repeated", "区划重复", "is named twice")
        elif towns is not None and not any(region_covers(town, region) for town in towns):
            yield Flaw(f"/regions/{place}", "outside", "不在该园区的范围内", "lies outside the zone")
    if terms.valid_until is not None and terms.valid_until <= max(terms.valid_from, now):
        yield Flaw(
            "/valid_until",
            "already_over",
            "截止时间必须在将来且晚于起始时间",
            "must lie in the future and after the beginning",
        )


def withdraw(delegation: Delegation, *, by: str, at: datetime, reason: str) -> Delegation:
    """Withdraw a power; services refuse its use from the moment that they hear of it. Raises: DelegationEnded."""
    status = delegation.status_at(at)
    if (status, DelegationAction.WITHDRAW) not in TRANSITIONS:
        raise DelegationEnded(status)
    return replace(delegation, withdrawal=Withdrawal(by, at, reason), version=delegation.version + 1)
