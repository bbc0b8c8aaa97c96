"""The data bureau keeps the register of departments' systems."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from gateway.identity.domain.client_refusals import SystemIdTaken, SystemNotFound, SystemNotPossible
from gateway.identity.domain.clients import Client
from gateway.identity.domain.flaws import Flaw
from gateway.identity.domain.systems import LinkKind, System, SystemLevel
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.systems import SystemStore
from gateway.identity.use_cases.client_records import faults_of_flaws
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Announcement
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class RegisterSystem:
    """What is to be registered, and by whom."""

    system: System
    by: Principal


@dataclass(frozen=True)
class SystemChanges:
    """What changes; None leaves it as it is."""

    name: str | None = None
    level: SystemLevel | None = None
    link: LinkKind | None = None
    client_id: str | None = None
    planned_on: date | None = None

    def on(self, system: System) -> System:
        """Return the system as it will be; another client has yet to be heard from."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        changed = replace(system, **given, version=system.version + 1)
        if changed.client_id == system.client_id:
            return changed
        return replace(changed, connected_since=None, last_heartbeat_at=None)


@dataclass(frozen=True)
class ChangeSystem:
    """Which system changes how, by whom, and whether it is still as they read it."""

    system_id: str
    changes: SystemChanges
    check_version: Callable[[int], None]
    by: Principal


async def register_system(
    command: RegisterSystem, region: RegionPack, uow: UnitOfWork, now: datetime
) -> System:
    """Keep a new system. Raises: SystemIdTaken; SystemNotPossible with every reason."""
    system = command.system
    await _check(system, region, uow, now)
    if not await SystemStore(uow.session).add(system):
        raise SystemIdTaken(system.system_id)
    uow.announce(_recorded("registered", system, command.by, now))
    return system


async def change_system(command: ChangeSystem, region: RegionPack, uow: UnitOfWork, now: datetime) -> System:
    """Change a registration. Raises: SystemNotFound; SystemNotPossible."""
    store = SystemStore(uow.session)
    system = await _locked(command.system_id, store)
    command.check_version(system.version)
    changed = command.changes.on(system)
    await _check(changed, region, uow, now)
    await store.save(changed)
    uow.announce(_recorded("changed", changed, command.by, now))
    return changed


async def remove_system(system_id: str, by: Principal, uow: UnitOfWork, now: datetime) -> System:
    """Take a system that is no longer run out of the register and its figures. Raises: SystemNotFound."""
    store = SystemStore(uow.session)
    system = await _locked(system_id, store)
    await store.remove(system_id)
    uow.announce(_recorded("removed", system, by, now))
    return system


async def _locked(system_id: str, store: SystemStore) -> System:
    system = await store.lock(system_id)
    if system is None:
        raise SystemNotFound(system_id)
    return system


async def _check(system: System, region: RegionPack, uow: UnitOfWork, now: datetime) -> None:
    client = await ClientStore(uow.session).find(system.client_id) if system.client_id else None
    faults = faults_of_flaws(_flaws(system, client, region, now))
    if faults:
        raise SystemNotPossible(faults)


def _flaws(system: System, client: Client | None, region: RegionPack, now: datetime) -> Iterator[Flaw]:
    if region.agency_by_uscc(system.agency_uscc) is None:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
    if system.client_id is None:
        return
    if client is None or client.speaks_for != system.agency_uscc or not client.is_served(now):
        yield Flaw(
            "/client_id",
            "not_of_this_agency",
            "须为该部门正式启用的接入方",
            "must be a live client of this agency, neither suspended nor closed",
        )


def _recorded(what: str, system: System, by: Principal, at: datetime) -> Announcement:
    record = SecurityRecord(
        thing="system",
        key=system.system_id,
        what=what,
        by=by.reference,
        client_id=by.client_id,
        agency_uscc=by.agency,
    )
    return security_recorded(record, at)
