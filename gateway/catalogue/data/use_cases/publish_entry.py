"""Review an entry: put it in the one catalogue, or give it back with a reason (数据主管部门审核发布)."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.resource import EntryVersion
from gateway.catalogue.data.published_sharing import entry_told
from gateway.catalogue.data.store.needs import NeedStore
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.draft_entry import locked_draft, require_own_data
from gateway.catalogue.data.use_cases.handle_needs import fulfil_needs
from gateway.catalogue.data.use_cases.parties import bureau_of, refuse_for
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class PublishEntry:
    """Which entry comes into force on which day; today unless another is named."""

    key: str
    effective_on: date | None
    caller: Principal


async def publish_entry(
    command: PublishEntry, region: RegionPack, uow: UnitOfWork, now: datetime
) -> EntryVersion:
    """Raises: BureauDecides, ResourceNotFound, StepNotAllowed, AlreadyCollected, SharingNotPossible."""
    actor = bureau_of(command.caller, region)
    store = ResourceStore(uow.session)
    draft = await locked_draft(command.key, actor, store)
    today = local_date(now)
    effective_on = command.effective_on or today
    if effective_on < today:
        what = "生效日期不得早于今天", "must not lie before today"
        refuse_for([Flaw("/effective_on", "already_over", *what)])
    published = draft.published(effective_on, actor, now)
    await require_own_data(published.owner_uscc, published.entry, store)
    await put_in_force(published, actor, region, uow, now)
    return published


async def put_in_force(
    published: EntryVersion, actor: Actor, region: RegionPack, uow: UnitOfWork, now: datetime
) -> None:
    """Keep a published version, and all that follows from it: collectors, freshness, fulfilled needs."""
    store, calendar = ResourceStore(uow.session), region.calendar()
    await store.keep(published, calendar)
    await store.collect(published.key, published.owner_uscc, published.entry.fields)
    resource = await store.lock(published.key)
    if resource is not None and resource.updated_at is None:
        await store.save(resource.updated(published.entry.update_cycle, now), calendar)
    await fulfil_needs(published, actor, NeedStore(uow.session), uow, now)
    uow.announce(entry_told(published))


async def return_entry(
    key: str, reason: str, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> EntryVersion:
    """Raises: BureauDecides, ResourceNotFound, StepNotAllowed."""
    actor = bureau_of(caller, region)
    store = ResourceStore(uow.session)
    returned = (await locked_draft(key, actor, store)).returned(reason, actor, now)
    await store.keep(returned, region.calendar())
    uow.announce(entry_told(returned))
    return returned
