"""What the region decides for its hotline desk: categories and who answers for each, limits, the centre."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.calendar import Limit, WorkingCalendar
from shared.security.office import Office


@dataclass(frozen=True)
class Category:
    """A node of the category tree: `lineage` is its key and its ancestors', nearest first."""

    key: str
    lineage: tuple[str, ...]
    agency_uscc: str
    keywords: tuple[str, ...]

    def is_related(self, other: "Category") -> bool:
        """Whether one stands above the other in the tree."""
        return self.key in other.lineage or other.key in self.lineage


@dataclass(frozen=True)
class LevelLimits:
    """The limits of a level of difficulty."""

    first_contact: Limit
    reply: Limit


@dataclass(frozen=True)
class DeskRules:
    """The desk's rules; `centre_uscc` is the hotline centre, which is also the fallback unit (兜底单位).

    `unowned_category` is where a request goes that no category fits.
    """

    division_code: str
    centre_uscc: str
    agencies: frozenset[str]
    places: frozenset[str]
    categories: Mapping[str, Category]
    unowned_category: str
    levels: Mapping[str, LevelLimits]
    default_level: str
    emergency_lines: tuple[str, ...]
    automatic_from: Decimal
    rating_window: Limit
    calendar: WorkingCalendar

    def narrowing(self, office: Office | None) -> str | None:
        """The region to which an officer's lists and counts are narrowed; None where it is the desk's own."""
        return None if office is None or office.covers(self.division_code) else office.region

    def is_place(self, division_code: str) -> bool:
        """Whether the code is the region's, a town's, or a village's in one of the towns."""
        return (division_code if len(division_code) < 12 else division_code[:9]) in self.places

    def is_enterprise_category(self, key: str) -> bool:
        """Whether `key` lies below the root of enterprises' demands (企业诉求), which itself says too little.

        Source: 运城市优化营商环境方案 （十五）2.
        """
        category = self.categories.get(key)
        return category is not None and ENTERPRISE_ROOT in category.lineage[1:]


ENTERPRISE_ROOT = "enterprise_demands"
