"""Who may decide or accept a case: the agency whose it is, a zone to which the power is delegated, the window.

Sources: NFR-10 (regions), GW-03 (levels), GW-12 and GW-13 (zones), GW-29 (comprehensive window).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.security.office import Office, OfficeLevel, narrowed, region_covers, within
from shared.security.principal import Principal


class Standing(StrEnum):
    """How a power that an agency was given stands; ended is what was withdrawn or has run out."""

    NONE = "none"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class DelegatedPower:
    """A power over one item that was delegated (权限下放) to a zone for the regions named."""

    delegation_id: str
    item: str
    zone_uscc: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None
    withdrawn_at: datetime | None = None

    def is_running(self, now: datetime) -> bool:
        """Whether the zone may use it now."""
        over = (self.withdrawn_at, self.valid_until)
        return self.valid_from <= now and not any(end is not None and end <= now for end in over)


@dataclass(frozen=True)
class DecisionPoint:
    """What is to be decided: whose it is, where, from which level up, and whether on the spot (马上办)."""

    item: str
    agency_uscc: str
    division_code: str
    level: OfficeLevel = OfficeLevel.COUNTY
    is_instant: bool = False


@dataclass(eq=False)
class NotEmpowered(Exception):
    """The caller may know of the case, but deciding or accepting it is not in the caller's power."""

    because_zh: str
    because_en: str


def standing_of(powers: Iterable[DelegatedPower], point: DecisionPoint, now: datetime) -> Standing:
    """How the power over this item stands for a record of this division; not yet begun counts as none."""
    found = [
        power
        for power in powers
        if power.item == point.item
        and power.valid_from <= now
        and any(region_covers(region, point.division_code) for region in power.regions)
    ]
    if not found:
        return Standing.NONE
    return Standing.RUNNING if any(power.is_running(now) for power in found) else Standing.ENDED


def may_see(caller: Principal, point: DecisionPoint, powers: Iterable[DelegatedPower], now: datetime) -> bool:
    """Whether the case is the caller's to know, as one who decides or accepts."""
    if not within(caller.office, point.division_code):
        return False
    if caller.agency == point.agency_uscc or is_at_window(caller):
        return True
    return standing_of(powers, point, now) is Standing.RUNNING


def may_decide(
    caller: Principal, point: DecisionPoint, powers: Iterable[DelegatedPower], now: datetime
) -> bool:
    """Return False where the case is not the caller's to know; raises NotEmpowered where it is, not to decide.

    At the window what is instant is decided, of whichever agency, and nothing else, the own agency's included.
    """
    if not within(caller.office, point.division_code):
        return False
    if is_at_window(caller):
        return _instant(point)
    if caller.agency == point.agency_uscc:
        return _at_level(caller.office, point)
    standing = standing_of(powers, point, now)
    if standing is Standing.ENDED:
        raise NotEmpowered(
            "该事项的下放权限已收回或已到期", "the power delegated for this item was withdrawn or has run out"
        )
    return standing is Standing.RUNNING


def is_at_window(caller: Principal) -> bool:
    """Whether an officer of the comprehensive window calls."""
    return caller.office is not None and caller.office.is_at_window


def accepting_regions(caller: Principal, zones: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Where the caller accepts cases for people who come to a counter; nowhere for whoever keeps none.

    `zones` are the towns of each zone by its credit code: a zone's reception platform is its counter.
    """
    if caller.office is not None and caller.office.is_at_window:
        # A village's window takes in what is in its town: addresses are not known more narrowly.
        return (caller.office.region[:9],)
    return narrowed(zones.get(caller.agency or "", ()), caller.office)


def require_counter(caller: Principal, zones: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """As `accepting_regions`; raises NotEmpowered where the caller keeps no counter."""
    regions = accepting_regions(caller, zones)
    if not regions:
        raise NotEmpowered(
            "仅综合窗口和园区受理平台可以代为受理",
            "only the comprehensive window and a zone's reception platform accept for another person",
        )
    return regions


def _instant(point: DecisionPoint) -> bool:
    if not point.is_instant:
        raise NotEmpowered(
            "该事项不是马上办事项，综合窗口不能办理", "the item is not decided on the spot at the window"
        )
    return True


def _at_level(office: Office | None, point: DecisionPoint) -> bool:
    if office is not None and not office.level.is_at_least(point.level):
        raise NotEmpowered("该事项不在本级办理权限内", "the item is not open to the officer's level")
    return True
