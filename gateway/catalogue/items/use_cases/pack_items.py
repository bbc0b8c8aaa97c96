"""Items as the region pack has them: its own, one for each permit item, one for each matter (一件事)."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.catalogue.items.domain.standard import Fee, HomeUnit, MaterialRule, Standard, Wording
from shared.calendar import Limit
from shared.identifiers.service_item import ItemType, MaterialSource, OnlineDepth
from shared.region import (
    ListedItem,
    ListedMatter,
    ListedPermit,
    Listing,
    Material,
    Matter,
    PermitItem,
    ReformMode,
    RegionPack,
    Text,
)


@dataclass(frozen=True)
class PackItem:
    """An item that the pack states."""

    code: str
    owner_uscc: str
    standard: Standard


@dataclass(frozen=True)
class _Core:
    """What the pack says of an item beside where it can be handled."""

    title: Text
    item_type: ItemType
    owner_uscc: str
    legal_basis: tuple[str, ...]
    conditions: tuple[Text, ...]
    materials: tuple[MaterialRule, ...]
    statutory: Limit
    promised: Limit
    system: str
    fees: tuple[Fee, ...] = ()
    is_free: bool = False
    is_instant: bool = False
    zero_material: bool = False


def items_of(region: RegionPack) -> Iterator[PackItem]:
    """Yield every item of the pack."""
    listed = region.service_items
    for item in listed.listed:
        yield _pack_item(item.code, _own(item, region), item, region)
    permits = {listing.permit: listing for listing in listed.permits}
    for permit in region.permit_items:
        listing = permits.get(permit.key) or ListedPermit(permit=permit.key)
        yield _pack_item(f"licensing.{permit.key}", _permit(permit, listing, region), listing, region)
    matters = {listing.matter: listing for listing in listed.matters}
    for matter in region.matters:
        theme = matters.get(matter.key) or ListedMatter(matter=matter.key)
        yield _pack_item(f"matters.{matter.key}", _theme(matter, region), theme, region)


def _pack_item(code: str, core: _Core, listing: Listing, region: RegionPack) -> PackItem:
    handling = region.service_items.handling
    online = listing.legal_exception is None
    standard = Standard(
        title=_wording(core.title),
        item_type=core.item_type,
        subjects=listing.subjects,
        levels=listing.levels,
        legal_basis=core.legal_basis,
        conditions=tuple(map(_wording, core.conditions)),
        criteria=tuple(map(_wording, handling.criteria)),
        materials=core.materials,
        steps=tuple(map(_wording, handling.steps)),
        statutory=core.statutory,
        promised=core.promised,
        channels=handling.channels,
        online_depth=handling.online_depth if online else OnlineDepth.DECIDED,
        handling_system=core.system,
        online_full=online,
        legal_exception=listing.legal_exception,
        presence_basis=listing.presence_basis,
        fees=core.fees,
        is_free=core.is_free,
        is_instant=core.is_instant,
        zero_material=core.zero_material,
        accepts_any_office=handling.accepts_any_office,
        cross_region=listing.cross_region,
        units=(HomeUnit(region.region.code, core.owner_uscc),),
        life_events=listing.life_events,
        needs=listing.needs,
    )
    return PackItem(code, core.owner_uscc, standard)


def _own(item: ListedItem, region: RegionPack) -> _Core:
    materials = tuple(
        MaterialRule(m.code, _wording(m.title), m.source, m.is_required, m.shared_from, m.proof)
        for m in item.materials
    )
    return _Core(
        title=item.title,
        item_type=item.item_type,
        owner_uscc=region.agency(item.owner).uscc,
        legal_basis=item.legal_basis,
        conditions=item.conditions,
        materials=materials,
        statutory=region.limit(item.statutory).limit,
        promised=region.limit(item.promised).limit,
        system=item.system,
        fees=tuple(Fee(_wording(fee.title), fee.amount_fen, fee.basis) for fee in item.fees),
        is_free=item.is_free,
        is_instant=item.is_instant,
        zero_material=item.zero_material,
    )


def _permit(permit: PermitItem, listing: ListedPermit, region: RegionPack) -> _Core:
    is_filing = permit.mode is ReformMode.FILING
    return _Core(
        title=permit.name,
        item_type=ItemType.OTHER_POWER if is_filing else ItemType.LICENCE,
        owner_uscc=region.agency(permit.agency).uscc,
        legal_basis=permit.legal_basis,
        conditions=permit.conditions,
        materials=tuple(_paper(paper, listing) for paper in permit.materials),
        statutory=permit.statutory.limit,
        promised=permit.promised.limit,
        system="licensing",
        is_instant=permit.is_instant,
    )


def _paper(paper: Material, listing: ListedPermit) -> MaterialRule:
    """A main material must be there; another may follow before the decision, and is demanded all the same."""
    source = MaterialSource.APPLICANT if paper.shared_from is None else MaterialSource.SHARED
    proofs = {named.material: named.proof for named in listing.proofs}
    return MaterialRule(
        code=paper.key,
        title=_wording(paper.name),
        source=source,
        is_required=True,
        shared_from=paper.shared_from,
        proof=proofs.get(paper.key),
    )


def _theme(matter: Matter, region: RegionPack) -> _Core:
    """A matter as a whole: the papers of the permits in it, each once, and what its tasks charge."""
    handling, limit = region.service_items.handling, region.limit(matter.limit).limit
    scheme = region.scheme(matter.scheme) if matter.scheme else None
    permits = [region.permit_item(part.item) for part in scheme.component_permits] if scheme else []
    listings = {listing.permit: listing for listing in region.service_items.permits}
    papers = {
        paper.key: _paper(paper, listings.get(permit.key) or ListedPermit(permit=permit.key))
        for permit in reversed(permits)
        for paper in permit.materials
    }
    fees = tuple(
        Fee(_wording(task.title), task.fee_fen, task.src) for task in matter.tasks if task.fee_fen > 0
    )
    return _Core(
        title=matter.title,
        item_type=ItemType.ONE_THING,
        owner_uscc=region.agency(matter.lead_agency).uscc,
        legal_basis=handling.theme_basis,
        conditions=handling.theme_conditions,
        materials=tuple(papers.values()),
        statutory=limit,
        promised=limit,
        system="matters",
        fees=fees,
    )


def _wording(text: Text) -> Wording:
    return Wording(text.zh, text.en)
