"""Bring the region pack's resources into the catalogue; what a department changed by itself since stays as it is."""

from typing import Final

from gateway.catalogue.data.domain.entry import Entry, EntryField, Secrecy
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.record_schema import schema_of_fields
from gateway.catalogue.data.domain.resource import EntryAction, EntryStatus, EntryVersion, Resource
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.publish_entry import put_in_force
from shared.calendar import local_date
from shared.certificates.canonical import canonical_json, sha256_hex
from shared.database.unit_of_work import UnitOfWork
from shared.region import DataResource, RegionPack, ResourceField

PACK: Final = "region-pack"


async def seed_resources(region: RegionPack, uow: UnitOfWork) -> int:
    """Return how many entries came into force; a second run does nothing."""
    return sum([await _seed(resource, region, uow) for resource in region.resources])


async def _seed(resource: DataResource, region: RegionPack, uow: UnitOfWork) -> bool:
    store, calendar, now = ResourceStore(uow.session), region.calendar(), uow.now
    owner = region.agency(resource.provider).uscc
    entry, digest = entry_of(resource), _digest(resource, owner)
    known = await store.find(resource.key)
    if known is not None and known.pack_digest == digest:
        return False
    await store.add(Resource(resource.key, owner), calendar)
    kept = await store.lock(resource.key)
    if kept is None or kept.pack_digest == digest or kept.owner_uscc != owner:
        return False
    newest = await store.newest(resource.key)
    if newest is not None and not _is_of_pack(newest):
        return False
    actor = Actor(PACK, owner)
    number = newest.number + 1 if newest else 1
    history = (actor.did(EntryAction.PUBLISH, now),)
    version = EntryVersion(
        resource.key,
        number,
        owner,
        EntryStatus.PUBLISHED,
        entry,
        history,
        effective_on=local_date(now),
        published_at=now,
    )
    await store.save(kept.from_pack(digest), calendar)
    await put_in_force(version, actor, region, uow, now)
    return True


def entry_of(resource: DataResource) -> Entry:
    """What the pack says of a resource, as an entry."""
    told = resource.elements
    fields = tuple(_field(resource, field) for field in resource.fields)
    return Entry(
        title_zh=resource.title.zh,
        title_en=resource.title.en,
        summary=told.summary,
        data_source=told.data_source,
        kind=told.kind,
        format=told.format,
        sharing_class=resource.sharing_class,
        conditions=told.conditions,
        legal_basis=told.legal_basis,
        ways=told.ways,
        is_open=told.is_open,
        open_condition=told.open_condition,
        publication_months=told.publication_months,
        update_cycle=told.update_cycle,
        related=(),
        secrecy=Secrecy.UNCLASSIFIED,
        api_path=told.api_path,
        event_type=told.event_type,
        fields=fields,
        record_schema=schema_of_fields(fields),
    )


def _field(resource: DataResource, field: ResourceField) -> EntryField:
    return EntryField(
        name=field.name,
        title_zh=field.title.zh,
        title_en=field.title.en,
        data_type=field.data_type,
        field_class=field.field_class,
        datum=f"{resource.key}.{field.name}",
        closed_because=field.closed_because,
    )


def _is_of_pack(version: EntryVersion) -> bool:
    return version.status is EntryStatus.PUBLISHED and version.history[-1].by == PACK


def _digest(resource: DataResource, owner_uscc: str) -> str:
    return sha256_hex(canonical_json([owner_uscc, resource.model_dump(mode="json")]))
