"""Check a standard against the region: its towns, agencies, shared data, and the list of proofs of the day."""

from collections.abc import Iterator
from datetime import date

from gateway.catalogue.items.domain.errors import ItemFlawed
from gateway.catalogue.items.domain.flaws import Shareable, Surroundings, flaws_of
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.store.proofs import ProofStore
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack, SharingClass
from shared.web.problems import FieldFault


async def check_standard(standard: Standard, region: RegionPack, uow: UnitOfWork, on: date) -> None:
    """Raises: ItemFlawed with every reason."""
    proofs = await ProofStore(uow.session).listed_on(on)
    faults = faults_of(standard, surroundings_of(region, proofs))
    if faults:
        raise ItemFlawed(faults)


def faults_of(standard: Standard, around: Surroundings) -> tuple[FieldFault, ...]:
    """Reasons against a standard as they are told to who wrote it."""
    return tuple(FieldFault(f.pointer, f.code, f.zh, f.en) for f in flaws_of(standard, around))


def surroundings_of(region: RegionPack, proofs: frozenset[str]) -> Surroundings:
    """What the region pack and the list of proofs say."""
    return Surroundings(
        region=region.region.code,
        towns=frozenset(town.code for town in region.region.towns),
        agencies=frozenset(agency.uscc for agency in region.agencies),
        resources=frozenset(
            resource.key for resource in region.resources if resource.sharing_class is not SharingClass.NONE
        ),
        shareable=tuple(_shareable(region)),
        life_events=frozenset(event.key for event in region.service_items.life_events),
        proofs=proofs,
    )


def _shareable(region: RegionPack) -> Iterator[Shareable]:
    """Papers that the pack names, and those that permit items take from another's data."""
    named = [(paper.code, paper.title, paper.resource) for paper in region.service_items.shared_papers]
    used = [
        (paper.key, paper.name.zh, paper.shared_from)
        for item in region.permit_items
        for paper in item.materials
        if paper.shared_from is not None
    ]
    for code, title, key in dict.fromkeys([*named, *used]):
        resource = region.resource(key)
        owner = region.agency(resource.provider).name
        if resource.sharing_class is not SharingClass.NONE:
            yield Shareable(code, title, key, owner.zh, owner.en)
