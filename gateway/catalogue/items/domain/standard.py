"""The standard of a service item (事项标准): what holds for it at every office of its levels."""

from dataclasses import dataclass

from shared.calendar import Limit
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import (
    Classification,
    CrossRegionMode,
    ItemType,
    MaterialSource,
    OnlineDepth,
    ServedSubject,
)
from shared.security.office import OfficeLevel


@dataclass(frozen=True)
class Wording:
    """A text for persons; the English one where somebody has translated it (NFR-18)."""

    zh: str
    en: str | None = None

    def localized(self, *, english: bool) -> str:
        """The English text where it is wanted and there, otherwise the Chinese one."""
        return self.en if english and self.en else self.zh


@dataclass(frozen=True)
class MaterialRule:
    """A paper of the item: where it comes from, and the entry of the list of proofs if it is one (证明事项)."""

    code: str
    title: Wording
    source: MaterialSource
    is_required: bool
    shared_from: str | None = None
    proof: str | None = None

    @property
    def is_demanded(self) -> bool:
        """Whether the applicant must bring it."""
        return self.is_required and self.source is MaterialSource.APPLICANT


@dataclass(frozen=True)
class Fee:
    """What is charged, and on which basis."""

    title: Wording
    amount_fen: int
    basis: str


@dataclass(frozen=True)
class HomeUnit:
    """Which agency handles the item for a region (承办单位)."""

    region: str
    agency_uscc: str


@dataclass(frozen=True)
class Standard:
    """All that is told of an item. Levels are those that exercise it (行使层级).

    `places` are the towns and villages where it can be handled; a level none of whose places is named is open at all
    of them. `needs` are words of those who look for it.
    """

    title: Wording
    item_type: ItemType
    subjects: tuple[ServedSubject, ...]
    levels: tuple[OfficeLevel, ...]
    legal_basis: tuple[str, ...]
    conditions: tuple[Wording, ...]
    criteria: tuple[Wording, ...]
    materials: tuple[MaterialRule, ...]
    steps: tuple[Wording, ...]
    statutory: Limit
    promised: Limit
    channels: tuple[Channel, ...]
    online_depth: OnlineDepth
    handling_system: str
    online_full: bool
    legal_exception: str | None = None
    presence_basis: str | None = None
    fees: tuple[Fee, ...] = ()
    is_free: bool = False
    is_instant: bool = False
    zero_material: bool = False
    accepts_any_office: bool = False
    cross_region: CrossRegionMode | None = None
    places: tuple[str, ...] = ()
    units: tuple[HomeUnit, ...] = ()
    life_events: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    classification: Classification = Classification.PUBLIC
