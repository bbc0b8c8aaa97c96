"""What the city's rules say of names: how they are put together, when they are alike, how long they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.domain.name_likeness import Likeness
from services.registration.domain.wording import Wording
from shared.calendar import Limit


@dataclass(frozen=True)
class Weighing:
    """Which kinds of likeness a registrar looks at, and which the applicant is only told of."""

    referred: frozenset[Likeness]
    noted: frozenset[Likeness]


@dataclass(frozen=True)
class LikenessPolicy:
    """How likeness weighs in the same trade, and in a neighbouring one; `similar_from` is a share of pairs, 0 to 1."""

    similar_from: float
    same_trade: Weighing
    neighbouring_trade: Weighing


@dataclass(frozen=True)
class ReservationPolicy:
    """How long a name is reserved: usually, and where a permit comes first; how long before its end one is told.

    `most` is how many one applicant may have at a time.
    """

    most: int
    usual: Limit
    with_permit: Limit
    reminder: Limit


@dataclass(frozen=True)
class DisputePolicy:
    """How long the registrar has to take up a dispute and to rule on it, and the enterprise to change its name."""

    acceptance: Limit
    ruling: Limit
    change: Limit


@dataclass(frozen=True)
class NamePolicy:
    """How names are put together and how long they are kept from others."""

    region_prefixes: tuple[str, ...]
    division_names: frozenset[str]
    minimum_length: int
    maximum_length: int
    reservation: Limit
    conflict_window: Limit
    forbidden: Mapping[str, Wording]
    trades: Mapping[str, frozenset[str]]
    forms: tuple[str, ...]
    branch_endings: tuple[str, ...]
    likeness: LikenessPolicy
    reservations: ReservationPolicy
    disputes: DisputePolicy
