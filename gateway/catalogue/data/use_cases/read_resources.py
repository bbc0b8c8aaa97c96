"""Read the catalogue: what is in force on a day, for everybody; what is worked on, for its owner and the bureau."""

from dataclasses import dataclass
from datetime import date

from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion, Resource
from gateway.catalogue.data.store.resources import EntryFilters, ResourceStore
from gateway.catalogue.data.use_cases.parties import actor_of
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class Listed:
    """An entry with what is true of its resource."""

    version: EntryVersion
    resource: Resource


async def read_entry(key: str, on: date, uow: UnitOfWork) -> Listed:
    """Return the entry in force on a day. Raises: ResourceNotFound."""
    store = ResourceStore(uow.session)
    version, resource = await store.in_force(key, on), await store.find(key)
    if version is None or resource is None:
        raise ResourceNotFound(key)
    return Listed(version, resource)


async def list_entries(
    filters: EntryFilters, on: date, uow: UnitOfWork, *, after: str, limit: int
) -> list[Listed]:
    """Return a page of the catalogue as it is in force on a day, by key."""
    store = ResourceStore(uow.session)
    versions = await store.page(filters, on, after=after, limit=limit)
    resources = await store.many(version.key for version in versions)
    return [Listed(version, resources[version.key]) for version in versions]


async def list_versions(key: str, uow: UnitOfWork) -> list[EntryVersion]:
    """Return every published version, the newest first. Raises: ResourceNotFound."""
    versions = await ResourceStore(uow.session).published(key)
    if not versions:
        raise ResourceNotFound(key)
    return versions


async def read_draft(key: str, caller: Principal, region: RegionPack, uow: UnitOfWork) -> EntryVersion:
    """Raises: AgencyOnly; ResourceNotFound, also for another department's."""
    actor = actor_of(caller, region)
    found = await ResourceStore(uow.session).in_work(key)
    if found is None or not (actor.is_data_bureau or found.owner_uscc == actor.agency_uscc):
        raise ResourceNotFound(key)
    return found


async def list_drafts(
    status: EntryStatus | None,
    caller: Principal,
    region: RegionPack,
    uow: UnitOfWork,
    *,
    after: str,
    limit: int,
) -> list[EntryVersion]:
    """Return the caller's own; the data bureau sees all. Raises: AgencyOnly."""
    actor = actor_of(caller, region)
    owner = None if actor.is_data_bureau else actor.agency_uscc
    return await ResourceStore(uow.session).work_page(owner, status, after=after, limit=limit)
