"""Read the audit chain: one's own readings, or all of them as the auditor."""

from dataclasses import dataclass

from gateway.audit.domain.entry import Head, Link
from gateway.audit.domain.errors import EntryNotFound
from gateway.audit.domain.review import Review
from gateway.audit.store.chain import ChainStore, Filters
from gateway.audit.store.roots import ReviewStore
from gateway.audit.use_cases.authority import require_auditor
from gateway.audit.use_cases.record_look import SHOWN, record_look
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class ReadEntries:
    """Which page of which entries."""

    filters: Filters
    before: int | None
    limit: int


async def read_own_entries(query: ReadEntries, uow: UnitOfWork) -> list[Link]:
    """Return who read data of the person that the filters name."""
    return await ChainStore(uow.session).newest(query.filters, before=query.before, limit=query.limit)


async def read_entries_as_auditor(
    query: ReadEntries, caller: Principal, region: RegionPack, uow: UnitOfWork
) -> list[Link]:
    """Return everybody's entries; the auditor's own look goes on the chain too.

    Raises: AuditorsOnly.
    """
    require_auditor(caller, region)
    found = await ChainStore(uow.session).newest(query.filters, before=query.before, limit=query.limit)
    key = query.filters.agency_uscc or query.filters.resource or "all"
    record_look(caller, key, SHOWN, uow)
    return found


async def read_entry_as_auditor(
    number: int, caller: Principal, region: RegionPack, uow: UnitOfWork
) -> tuple[Link, list[Review]]:
    """Return an entry with its reviews; the look is recorded. Raises: AuditorsOnly, EntryNotFound."""
    require_auditor(caller, region)
    link = await ChainStore(uow.session).find(number)
    if link is None:
        raise EntryNotFound(number)
    record_look(caller, str(number), SHOWN, uow)
    return link, (await ReviewStore(uow.session).of([number])).get(number, [])


async def read_head(uow: UnitOfWork) -> Head:
    """Return the newest link, for anyone to note down and compare later."""
    return await ChainStore(uow.session).head()
