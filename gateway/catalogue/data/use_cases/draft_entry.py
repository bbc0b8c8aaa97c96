"""Draft an entry of the catalogue, revise it, hand it in (部门编制)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.entry import Entry, Surroundings, flaws_of_entry
from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.record_schema import flaws_of_schema
from gateway.catalogue.data.domain.refusals import AlreadyCollected, DraftExists
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion, Resource
from gateway.catalogue.data.published_sharing import entry_told
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.parties import actor_of, refuse_for, require_owner
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.topology import PUBLISHERS
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.conditional import Precondition

SERVICES: Final = frozenset(
    {*PUBLISHERS, "identity", "matters", "catalogue", "audit", "materials", "subscriptions"} - {"gateway"}
)


@dataclass(frozen=True)
class DraftEntry:
    """A new entry, or the next version of one, by the department that has the data."""

    key: str
    entry: Entry
    caller: Principal


async def draft_entry(
    command: DraftEntry, region: RegionPack, uow: UnitOfWork, now: datetime
) -> EntryVersion:
    """Raises: AgencyOnly, NotTheOwner, DraftExists, AlreadyCollected; SharingNotPossible with every reason."""
    actor = actor_of(command.caller, region)
    owner = actor.agency_uscc or ""
    store, calendar = ResourceStore(uow.session), region.calendar()
    await store.add(Resource(command.key, owner), calendar)
    resource = await _locked(command.key, store)
    require_owner(actor, resource.owner_uscc)
    newest = await store.newest(command.key)
    if newest is not None and newest.status is not EntryStatus.PUBLISHED:
        raise DraftExists(command.key)
    await _require_sound(command.key, command.entry, owner, store)
    number = newest.number + 1 if newest else 1
    drafted = EntryVersion(
        command.key, number, owner, EntryStatus.DRAFT, command.entry, (actor.did("draft", now),)
    )
    await store.keep(drafted, calendar)
    return drafted


async def revise_draft(
    command: DraftEntry, expected: Precondition, region: RegionPack, uow: UnitOfWork, now: datetime
) -> EntryVersion:
    """Raises as `draft_entry`, and StepNotAllowed while it is in review; refuses a stale precondition."""
    actor = actor_of(command.caller, region)
    store = ResourceStore(uow.session)
    draft = await locked_draft(command.key, actor, store)
    require_owner(actor, draft.owner_uscc)
    expected.check(draft.version)
    await _require_sound(command.key, command.entry, draft.owner_uscc, store)
    revised = draft.revised(command.entry, actor, now)
    await store.keep(revised, region.calendar())
    return revised


async def submit_draft(
    key: str, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> EntryVersion:
    """Hand it to the data bureau; a change of the entry that was due is made. Raises as `draft_entry`."""
    actor = actor_of(caller, region)
    store, calendar = ResourceStore(uow.session), region.calendar()
    draft = await locked_draft(key, actor, store)
    resource = await _locked(key, store)
    require_owner(actor, draft.owner_uscc)
    submitted = draft.submitted(region.limit("sharing.catalogue_review").limit, actor, now)
    await store.keep(submitted, calendar)
    await store.save(resource.with_change_made(), calendar)
    uow.announce(entry_told(submitted))
    return submitted


async def locked_draft(key: str, actor: Actor, store: ResourceStore) -> EntryVersion:
    """Return the version that is being worked on, with its resource locked.

    Raises: ResourceNotFound, also for another department's.
    """
    await _locked(key, store)
    draft = await store.in_work(key)
    if draft is None or not (actor.is_data_bureau or draft.owner_uscc == actor.agency_uscc):
        raise ResourceNotFound(key)
    return draft


async def require_own_data(owner_uscc: str, entry: Entry, store: ResourceStore) -> None:
    """Raises: AlreadyCollected where a datum has another collecting department (一数一源, DS-04)."""
    for datum in (await store.collectors(field.datum for field in entry.fields)).values():
        if datum.owner_uscc != owner_uscc:
            raise AlreadyCollected(datum.datum, datum.owner_uscc)


async def _require_sound(key: str, entry: Entry, owner_uscc: str, store: ResourceStore) -> None:
    around = Surroundings(SERVICES, frozenset(PUBLISHERS), await store.keys() - {key})
    refuse_for([*flaws_of_entry(entry, around), *flaws_of_schema(entry.record_schema, entry.fields)])
    await require_own_data(owner_uscc, entry, store)


async def _locked(key: str, store: ResourceStore) -> Resource:
    resource = await store.lock(key)
    if resource is None:
        raise ResourceNotFound(key)
    return resource
