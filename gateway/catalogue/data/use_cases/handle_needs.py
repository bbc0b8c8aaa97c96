"""Needs and the responsibility list: told by who needs data, assigned by the bureau, fulfilled by the catalogue."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.need import Need, NeedStatus, Responsibility, Wanted
from gateway.catalogue.data.domain.refusals import SharingRecordNotFound
from gateway.catalogue.data.domain.resource import EntryVersion
from gateway.catalogue.data.published_sharing import need_told
from gateway.catalogue.data.store.needs import NeedFilters, NeedStore
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.parties import actor_of, bureau_of, refuse_for
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import RegionPack
from shared.security.principal import Principal

BATCH: Final = 50


async def tell_need(
    wanted: Wanted, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Need:
    """Raises: AgencyOnly."""
    actor = actor_of(caller, region)
    need = Need(
        need_id=new_uuid7(),
        requester_uscc=actor.agency_uscc or "",
        wanted=wanted,
        status=NeedStatus.SUBMITTED,
        submitted_at=now,
        history=(actor.did("submit", now),),
    )
    await NeedStore(uow.session).add(need)
    uow.announce(need_told("submitted", need))
    return need


@dataclass(frozen=True)
class AssignNeed:
    """Which department brings which resource into the catalogue, until when."""

    need_id: UUID
    provider_uscc: str
    resource: str
    due_on: date
    caller: Principal


async def assign_need(command: AssignNeed, region: RegionPack, uow: UnitOfWork, now: datetime) -> Need:
    """Put it on the list. Raises: BureauDecides, SharingRecordNotFound, StepNotAllowed, SharingNotPossible."""
    actor = bureau_of(command.caller, region)
    store = NeedStore(uow.session)
    need = await _locked(command.need_id, store)
    refuse_for(_flaws(command, region, local_date(now)))
    version = await store.next_list_version()
    duty = Responsibility(command.provider_uscc, command.resource, command.due_on, version)
    assigned = need.assigned(duty, actor, now)
    uow.announce(need_told("assigned", assigned))
    in_force = await ResourceStore(uow.session).in_force(command.resource, local_date(now))
    if in_force is not None and _matches(assigned, in_force):
        assigned = assigned.fulfilled(actor, await store.next_list_version(), now)
        uow.announce(need_told("fulfilled", assigned))
    await store.save(assigned)
    return assigned


async def decline_need(
    need_id: UUID, reason: str, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Need:
    """Raises: BureauDecides, SharingRecordNotFound, StepNotAllowed."""
    actor = bureau_of(caller, region)
    store = NeedStore(uow.session)
    declined = (await _locked(need_id, store)).declined(reason, actor, now)
    await store.save(declined)
    uow.announce(need_told("declined", declined))
    return declined


async def fulfil_needs(
    version: EntryVersion, actor: Actor, store: NeedStore, uow: UnitOfWork, now: datetime
) -> None:
    """Fulfil what waited for a resource that has come into the catalogue with every field that was needed."""
    for need in await store.lock_assigned(version.key):
        if _matches(need, version):
            fulfilled = need.fulfilled(actor, await store.next_list_version(), now)
            await store.save(fulfilled)
            uow.announce(need_told("fulfilled", fulfilled))


async def list_needs(
    filters: NeedFilters,
    caller: Principal,
    region: RegionPack,
    uow: UnitOfWork,
    *,
    before: UUID | None,
    limit: int,
) -> list[Need]:
    """Return the caller's own needs; the data bureau sees all. Raises: AgencyOnly."""
    actor = actor_of(caller, region)
    own = filters if actor.is_data_bureau else NeedFilters(actor.agency_uscc, None, filters.statuses)
    return await NeedStore(uow.session).page(own, before=before, limit=limit)


async def read_need(need_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Need:
    """Raises: AgencyOnly; SharingRecordNotFound, also for one between others."""
    actor = actor_of(caller, region)
    need = await NeedStore(uow.session).find(need_id)
    if need is None or not (actor.is_data_bureau or actor.agency_uscc in _parties(need)):
        raise SharingRecordNotFound(str(need_id))
    return need


async def tell_overdue_needs(uow: UnitOfWork) -> int:
    """Tell once that a responsibility is overdue; returns how many were."""
    store, today = NeedStore(uow.session), local_date(uow.now)
    late = await store.to_find_overdue(today, BATCH)
    for need_id in late:
        need = await store.lock(need_id)
        if need is not None and need.is_overdue(today) and need.overdue_told_at is None:
            told = need.told_overdue(uow.now)
            await store.save(told)
            uow.announce(need_told("overdue", told))
    return len(late)


def _matches(need: Need, version: EntryVersion) -> bool:
    duty = need.responsibility
    offered = {field.name for field in version.entry.fields}
    return (
        duty is not None
        and (version.key, version.owner_uscc) == (duty.resource, duty.provider_uscc)
        and set(need.wanted.fields) <= offered
    )


def _parties(need: Need) -> tuple[str, ...]:
    duty = need.responsibility
    return (need.requester_uscc, duty.provider_uscc) if duty else (need.requester_uscc,)


def _flaws(command: AssignNeed, region: RegionPack, today: date) -> list[Flaw]:
    flaws = []
    if region.agency_by_uscc(command.provider_uscc) is None:
        flaws.append(Flaw("/provider", "unknown_agency", "没有这个部门", "there is no such agency here"))
    if command.due_on < today:
        flaws.append(Flaw("/due_on", "already_over", "期限必须在将来", "must lie in the future"))
    return flaws


async def _locked(need_id: UUID, store: NeedStore) -> Need:
    need = await store.lock(need_id)
    if need is None:
        raise SharingRecordNotFound(str(need_id))
    return need
