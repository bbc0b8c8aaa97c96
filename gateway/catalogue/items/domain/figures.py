"""Figures of the catalogue against policy: value, numerator, denominator, target, met (NFR-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.catalogue.items.domain.facets import COMPLETE, CROSSING, ONLINE_FULL, facet, open_at
from shared.security.office import OfficeLevel


class FigureKey(StrEnum):
    """What is measured."""

    ONLINE_RATE = "online_rate"
    STANDARD_COVERAGE = "standard_coverage"
    STANDARD_IMPLEMENTATION = "standard_implementation"
    CROSS_REGION_ITEMS = "cross_region_items"
    TOWN_ITEMS = "town_items"
    VILLAGE_ITEMS = "village_items"
    TOWN_COVERAGE = "town_coverage"


@dataclass(frozen=True)
class Target:
    """What a policy wants, in percent or as a count, by the end of a year."""

    value: Decimal
    year: int
    taken_from: str


@dataclass(frozen=True)
class Selection:
    """Items that have all of some facets, one of others where any are named, and none of a third kind."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """What is counted for a figure of a place, and of how many; without `of` the count is the value."""

    key: FigureKey
    place: str
    counted: Selection
    of: Selection | None = None


@dataclass(frozen=True)
class Figure:
    """One measured value; `denominator` is None for a count."""

    key: FigureKey
    place: str
    numerator: int
    denominator: int | None
    target: Target | None

    @property
    def value(self) -> Decimal | None:
        """Percent with two decimals, or the count; None where there is nothing to count."""
        if self.denominator is None:
            return Decimal(self.numerator)
        if not self.denominator:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(Decimal("0.01"))

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None or self.value is None:
            return None
        return self.value >= self.target.value


def measures_of(region: str, towns: Sequence[str], connected: Sequence[str]) -> tuple[Measure, ...]:
    """Return what is measured; `connected` are the systems in which items are really handled here.

    The village figure is of what every village offers. Source: NFR-04, NFR-05, GW-19, GW-26.
    """
    everything, standard = Selection(), Selection((COMPLETE,))
    in_use = Selection((COMPLETE,), tuple(facet("system", system) for system in connected))
    villages = Selection((facet("open", OfficeLevel.VILLAGE.value),))
    return (
        Measure(FigureKey.ONLINE_RATE, region, Selection((ONLINE_FULL,)), everything),
        Measure(FigureKey.STANDARD_COVERAGE, region, standard, everything),
        Measure(FigureKey.STANDARD_IMPLEMENTATION, region, in_use, standard),
        Measure(FigureKey.CROSS_REGION_ITEMS, region, Selection((CROSSING,))),
        Measure(FigureKey.VILLAGE_ITEMS, region, villages),
        *(Measure(FigureKey.TOWN_ITEMS, town, Selection((), open_at(town))) for town in towns),
    )


def with_coverage(figures: Sequence[Figure], region: str, target: Target | None) -> tuple[Figure, ...]:
    """Add which share of the towns reaches the minimum. Source: GW-26."""
    towns = [figure for figure in figures if figure.key is FigureKey.TOWN_ITEMS]
    reached = sum(bool(figure.is_met) for figure in towns)
    return (*figures, Figure(FigureKey.TOWN_COVERAGE, region, reached, len(towns), target))
