"""Signs of life of departments' systems, and what the register says of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.identity.domain.client_refusals import SystemNotFound
from gateway.identity.domain.systems import HEARD_AT_MOST_EVERY, System, heard_from
from gateway.identity.store.systems import SystemCount, SystemFilters, SystemStore
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Viewer:
    """Who looks at the register: the data bureau sees all, an agency its own systems, nobody else any."""

    agency_uscc: str | None
    sees_all: bool = False

    def sees(self, system: System) -> bool:
        """Tell whether a system is there for the viewer."""
        return self.sees_all or system.agency_uscc == self.agency_uscc

    def narrows(self, filters: SystemFilters) -> SystemFilters | None:
        """Return what of a filter the viewer may see; None where that is nothing."""
        if self.sees_all:
            return filters
        if self.agency_uscc is None or filters.agency_uscc not in (None, self.agency_uscc):
            return None
        return replace(filters, agency_uscc=self.agency_uscc)


async def note_heartbeat(
    system_id: str, client_id: str, patience: timedelta, uow: UnitOfWork, now: datetime
) -> System:
    """A system says that it is there. Raises: SystemNotFound, also for another client's."""
    store = SystemStore(uow.session)
    system = await store.lock(system_id)
    if system is None or system.client_id != client_id:
        raise SystemNotFound(system_id)
    heard = heard_from(system, now, patience)
    if heard != system:
        await store.save(heard)
    return heard


async def note_sign_of_life(client_id: str, patience: timedelta, uow: UnitOfWork, now: datetime) -> None:
    """A client fetches a token: all its systems are there. Writes at most once a minute for each."""
    store = SystemStore(uow.session)
    for system in await store.lock_unheard(client_id, now - HEARD_AT_MOST_EVERY):
        await store.save(heard_from(system, now, patience))


async def list_systems(
    filters: SystemFilters,
    viewer: Viewer,
    uow: UnitOfWork,
    *,
    heard_since: datetime,
    after: str | None,
    limit: int,
) -> list[System]:
    """Return a page of the systems that the viewer may see."""
    narrowed = viewer.narrows(filters)
    if narrowed is None:
        return []
    return await SystemStore(uow.session).page(narrowed, heard_since=heard_since, after=after, limit=limit)


async def read_system(system_id: str, viewer: Viewer, uow: UnitOfWork) -> System:
    """Raises: SystemNotFound, also for another agency's."""
    system = await SystemStore(uow.session).find(system_id)
    if system is None or not viewer.sees(system):
        raise SystemNotFound(system_id)
    return system


async def count_all_systems(uow: UnitOfWork, now: datetime, patience: timedelta) -> Sequence[SystemCount]:
    """Count the systems of every agency, by level."""
    return await SystemStore(uow.session).counts(
        heard_since=now - patience, today=local_date(now), agency_uscc=None
    )


async def count_systems(
    viewer: Viewer, uow: UnitOfWork, now: datetime, patience: timedelta
) -> Sequence[SystemCount]:
    """Count what the viewer may see, by agency and level."""
    narrowed = viewer.narrows(SystemFilters())
    if narrowed is None:
        return []
    return await SystemStore(uow.session).counts(
        heard_since=now - patience, today=local_date(now), agency_uscc=narrowed.agency_uscc
    )
