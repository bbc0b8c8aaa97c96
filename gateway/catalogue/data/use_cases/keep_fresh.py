"""Keep data and entry fresh: the owner reports updates, and brings the entry after a change; what is late is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.published_sharing import change_overdue, resource_stale, resource_updated
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.parties import actor_of, bureau_of, refuse_for, require_owner
from gateway.catalogue.data.use_cases.read_resources import Listed
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal

BATCH: Final = 50


@dataclass(frozen=True)
class ReportUpdate:
    """The data of a resource stand as of an instant."""

    key: str
    as_of: datetime
    caller: Principal


async def report_update(command: ReportUpdate, region: RegionPack, uow: UnitOfWork, now: datetime) -> Listed:
    """Raises: AgencyOnly, ResourceNotFound, NotTheOwner, SharingNotPossible."""
    actor = actor_of(command.caller, region)
    store = ResourceStore(uow.session)
    found = await _locked(command.key, store, now)
    require_owner(actor, found.resource.owner_uscc)
    before = found.resource.updated_at
    if command.as_of > now:
        refuse_for([Flaw("/as_of", "in_the_future", "更新时间不得晚于现在", "must not lie in the future")])
    if before is not None and command.as_of < before:
        refuse_for([Flaw("/as_of", "older", "早于上次更新时间", "is older than the last update")])
    updated = found.resource.updated(found.version.entry.update_cycle, command.as_of)
    await store.save(updated, region.calendar())
    uow.announce(resource_updated(updated, command.as_of))
    return Listed(found.version, updated)


async def declare_change(
    key: str, reason: str, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Listed:
    """What the entry describes has changed: its owner has 10 working days to bring it after. By owner or bureau."""
    actor = actor_of(caller, region)
    store = ResourceStore(uow.session)
    found = await _locked(key, store, now)
    if not actor.is_data_bureau:
        require_owner(actor, found.resource.owner_uscc)
    limit = region.limit("sharing.catalogue_update").limit
    changed = found.resource.with_change_due(limit, reason, now)
    await store.save(changed, region.calendar())
    return Listed(found.version, changed)


@dataclass(frozen=True)
class ExtendChange:
    """More time for a change, with the reason and its legal basis."""

    key: str
    reason: str
    legal_basis: str
    caller: Principal


async def extend_change(command: ExtendChange, region: RegionPack, uow: UnitOfWork, now: datetime) -> Listed:
    """Give 5 working days more, once. Raises: BureauDecides, ResourceNotFound, StepNotAllowed."""
    bureau_of(command.caller, region)
    store, calendar = ResourceStore(uow.session), region.calendar()
    found = await _locked(command.key, store, now)
    by = region.limit("sharing.catalogue_extension").limit
    extended = found.resource.with_more_time(by, command.reason, command.legal_basis, now, calendar)
    await store.save(extended, calendar)
    return Listed(found.version, extended)


async def tell_stale(region: RegionPack, uow: UnitOfWork) -> int:
    """Tell owners of data older than its cycle, once a cycle; returns how many."""
    store, calendar, now = ResourceStore(uow.session), region.calendar(), uow.now
    told = 0
    for key in await store.stale(now, BATCH):
        resource, version = await store.lock(key), await store.in_force(key, local_date(now))
        if resource is None or version is None or resource.fresh_until is None:
            continue
        if resource.tell_stale_at is None or resource.tell_stale_at > now:
            continue  # updated, or told by another worker, since it was looked for
        await store.save(resource.told_stale(version.entry.update_cycle, now), calendar)
        uow.announce(resource_stale(resource, resource.fresh_until))
        told += 1
    return told


async def tell_late_changes(region: RegionPack, uow: UnitOfWork) -> int:
    """Tell once that an entry ought to have followed a change; returns how many."""
    store, calendar, now = ResourceStore(uow.session), region.calendar(), uow.now
    told = 0
    for key in await store.late_changes(now, BATCH):
        resource = await store.lock(key)
        due = resource.change.due_at(calendar) if resource and resource.change else None
        if resource is None or due is None or due.at >= now or resource.change_told_at is not None:
            continue  # brought after, given more time, or told by another worker, since it was looked for
        await store.save(resource.told_change_overdue(now), calendar)
        uow.announce(change_overdue(resource, due.at))
        told += 1
    return told


async def _locked(key: str, store: ResourceStore, now: datetime) -> Listed:
    resource = await store.lock(key)
    version = await store.in_force(key, local_date(now))
    if resource is None or version is None:
        raise ResourceNotFound(key)
    return Listed(version, resource)
