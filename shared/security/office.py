"""An officer's office (职务): level, region and posts, as the token carries them; what is within its region."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WINDOW: Final = "comprehensive_window"
"""The post at the comprehensive window (综合窗口) of a service hall. Source: GW-29."""


class OfficeLevel(StrEnum):
    """The five levels of administration (省、市、县、乡、村). Source: NFR-10."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"

    def is_at_least(self, other: "OfficeLevel") -> bool:
        """Tell whether this level is the other one or above it."""
        order = list(OfficeLevel)
        return order.index(self) <= order.index(other)


def region_prefix(division_code: str) -> str:
    """Return the digits that every division inside this one begins with.

    `division_code` has 6 digits, or 9 or 12 below the county. Source: GB/T 2260; 统计用区划代码 (12 digits).
    """
    code = division_code.ljust(12, "0")
    ends = (2, 4, 6, 9)
    return next((code[:end] for end in ends if not code[end:].strip("0")), code)


def level_of(division_code: str) -> OfficeLevel:
    """Return the level of a division by its code."""
    lengths = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}
    return OfficeLevel(lengths[len(region_prefix(division_code))])


@dataclass(frozen=True)
class Office:
    """Where an officer works: the region's division code, and the posts held there."""

    region: str
    posts: frozenset[str] = frozenset()

    @property
    def level(self) -> OfficeLevel:
        """The level of the region."""
        return level_of(self.region)

    def covers(self, division_code: str) -> bool:
        """Tell whether a division is the office's own region or inside it."""
        return region_covers(self.region, division_code)

    @property
    def is_at_window(self) -> bool:
        """Whether the officer serves at the comprehensive window."""
        return WINDOW in self.posts


def within(office: Office | None, division_code: str) -> bool:
    """Tell whether a record of a division is in an office's region; without an office, the whole region is.

    A record of no smaller place has the code of the whole region, which lies in no office below it. Source: NFR-10.
    """
    return office is None or office.covers(division_code)


def narrowed(regions: Iterable[str], office: Office | None) -> tuple[str, ...]:
    """Return the parts of regions that an office covers; without an office, all of them."""
    if office is None:
        return tuple(regions)
    inside = (office.region if region_covers(region, office.region) else region for region in regions)
    return tuple(dict.fromkeys(region for region in inside if office.covers(region)))


def span_of(region: str) -> tuple[str, str]:
    """Return the bounds, the upper one excluded, between which the codes of all divisions of a region sort.

    They hold where texts sort by the codes of their characters (collation C).
    """
    first = region_prefix(region)
    return first, f"{first}:"


def region_covers(region: str, division_code: str) -> bool:
    """Tell whether a division is the region or inside it."""
    return division_code.ljust(12, "0").startswith(region_prefix(region))
