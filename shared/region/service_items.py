"""The seed of the service-item catalogue (事项目录): items, words of people, proofs, market access, targets."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.identifiers.channel import Channel
from shared.identifiers.service_item import (
    ITEM_CODE_PATTERN,
    AccessKind,
    CrossRegionMode,
    ItemType,
    MaterialSource,
    OnlineDepth,
    ServedSubject,
)
from shared.region.facts import Fact, IndustryClass, Key, Line, Record, Text
from shared.region.names import AgencyRef, LimitRef, MatterRef, PermitItemRef, ResourceRef, ServiceItemRef
from shared.security.office import OfficeLevel

ItemCode = Annotated[str, StringConstraints(pattern=ITEM_CODE_PATTERN, max_length=99)]
Words = Annotated[tuple[Line, ...], Field(max_length=50)]
Path = tuple[str | int, ...]


class ItemMaterial(Record):
    """A paper of an item; with `shared_from` nobody is asked for it, with `proof` it stands on the list of proofs."""

    code: Key
    title: Text
    source: MaterialSource
    is_required: bool = True
    shared_from: ResourceRef | None = None
    proof: Key | None = None


class ItemFee(Record):
    title: Text
    amount_fen: Annotated[int, Field(ge=0, le=10**9)]
    basis: Line


class Listing(Record):
    """Where and how an item can be handled, and how it is found; a part of each item's standard."""

    subjects: Annotated[tuple[ServedSubject, ...], Field(min_length=1, max_length=3)] = (
        ServedSubject.LEGAL_PERSON,
    )
    levels: Annotated[tuple[OfficeLevel, ...], Field(min_length=1, max_length=5)] = (OfficeLevel.COUNTY,)
    cross_region: CrossRegionMode | None = None
    legal_exception: Line | None = None
    """The law that keeps the item from being handled fully online; without one it is."""
    presence_basis: Line | None = None
    life_events: Annotated[tuple[Key, ...], Field(max_length=20)] = ()
    needs: Words = ()


class MaterialProof(Record):
    """Which material of a permit item is a proof of the list."""

    material: Key
    proof: Key


class ListedPermit(Listing):
    """A permit item as the catalogue lists it; its facts are those of `permit_items`."""

    permit: PermitItemRef
    proofs: Annotated[tuple[MaterialProof, ...], Field(max_length=20)] = ()


class ListedMatter(Listing):
    """A matter (一件事) as the catalogue lists it."""

    matter: MatterRef


class ListedItem(Listing, Fact):
    """An item of its own."""

    code: ItemCode
    title: Text
    owner: AgencyRef
    item_type: ItemType
    legal_basis: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    conditions: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    materials: Annotated[tuple[ItemMaterial, ...], Field(max_length=30)] = ()
    statutory: LimitRef
    promised: LimitRef
    fees: Annotated[tuple[ItemFee, ...], Field(max_length=20)] = ()
    is_free: bool = False
    is_instant: bool = False
    zero_material: bool = False
    system: Key


class Handling(Fact):
    """What holds for every item of the region: ways in, depth online, steps, criteria of the review."""

    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=7)]
    online_depth: OnlineDepth
    steps: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    criteria: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    accepts_any_office: bool
    theme_basis: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    theme_conditions: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    """What a matter (一件事) rests on and asks for as a whole."""


class LifeEvent(Fact):
    """An event in the life of a person, legal person or project (人生事项、企业生命周期)."""

    key: Key
    title: Text
    subject: ServedSubject


class SharedPaper(Fact):
    """A paper whose content is had by sharing, by the name under which forms ask for it."""

    code: Key
    title: Line
    resource: ResourceRef


class ListedProof(Fact):
    """An entry of the list of proofs that may still be asked for (保留的证明事项). Source: LIC-31."""

    code: Key
    title: Text
    legal_basis: Line
    requesting_unit: Line
    issuing_unit: Line
    guide: Text


class AccessEntry(Fact):
    """An entry of the market-access list; none but the nation sets one. Source: GW-31 (单外无单)."""

    number: Annotated[str, Field(pattern=r"^[0-9]{1,6}$")]
    title: Text
    kind: AccessKind
    industries: Annotated[tuple[IndustryClass, ...], Field(min_length=1, max_length=200)]
    items: Annotated[tuple[ServiceItemRef, ...], Field(max_length=20)] = ()
    set_by: Literal["national"]


class AccessList(Fact):
    """The national list of an edition (市场准入负面清单)."""

    edition: Text
    entries: Annotated[tuple[AccessEntry, ...], Field(min_length=1, max_length=500)]


class FigureTarget(Fact):
    """What a policy wants of a figure by the end of a year; percent or count, as the figure is."""

    figure: Key
    value: Annotated[Decimal, Field(ge=0, le=10**6)]
    year: Annotated[int, Field(ge=2000, le=2100)]
    quote: Line
    taken_from: Key


class ServiceItems(Fact):
    """All that the pack says of service items."""

    proof_keeper: AgencyRef
    handling: Handling
    listed: Annotated[tuple[ListedItem, ...], Field(min_length=1, max_length=5000)]
    permits: tuple[ListedPermit, ...]
    matters: tuple[ListedMatter, ...]
    life_events: Annotated[tuple[LifeEvent, ...], Field(max_length=200)]
    synonyms: Annotated[tuple[Annotated[tuple[Line, ...], Field(min_length=2, max_length=30)], ...], Field()]
    fillers: Words
    shared_papers: Annotated[tuple[SharedPaper, ...], Field(max_length=200)]
    proofs: Annotated[tuple[ListedProof, ...], Field(max_length=500)]
    market_access: AccessList
    targets: Annotated[tuple[FigureTarget, ...], Field(max_length=50)]

    def incoherences(self) -> Iterator[tuple[Path, str]]:
        """Life events and proofs that are named and not defined; entries of the national list without a way in."""
        events, proofs = {each.key for each in self.life_events}, {each.code for each in self.proofs}
        for section in ("listed", "permits", "matters"):
            for place, entry in enumerate(getattr(self, section)):
                for number, event in enumerate(entry.life_events):
                    if event not in events:
                        yield (section, place, "life_events", number), f"unknown life event {event!r}"
        for place, listed in enumerate(self.listed):
            for number, material in enumerate(listed.materials):
                if material.proof is not None and material.proof not in proofs:
                    yield (
                        ("listed", place, "materials", number, "proof"),
                        f"{material.proof!r} is not on the list",
                    )
        for place, permit in enumerate(self.permits):
            for number, named in enumerate(permit.proofs):
                if named.proof not in proofs:
                    yield ("permits", place, "proofs", number, "proof"), f"{named.proof!r} is not on the list"
        for place, entry in enumerate(self.market_access.entries):
            if (entry.kind is AccessKind.PERMIT_NEEDED) is not bool(entry.items):
                yield (
                    ("market_access", "entries", place, "items"),
                    "an entry that needs a permit names its items",
                )
