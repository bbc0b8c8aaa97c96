"""An officer's office (职务): level, region and posts, as the token carries them."""

from dataclasses import dataclass
from enum import StrEnum


class OfficeLevel(StrEnum):
    """The five levels of administration (省、市、县、乡、村). Source: NFR-10."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


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
        return division_code.ljust(12, "0").startswith(region_prefix(self.region))
