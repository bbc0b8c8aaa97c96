"""Read the audit chain: one's own readings, or all of them as the auditor."""

from dataclasses import dataclass

from gateway.audit.domain.entry import Head, Link
from gateway.audit.published import ACCESS_RECORDED
from gateway.audit.store.chain import ChainStore, Filters
from gateway.audit.use_cases.authority import require_auditor
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
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
    looked = AccessRecorded.of(
        caller,
        resource="gateway.audit_entry",
        record_key=key,
        fields=("reader", "purpose", "matter_id", "record_key", "owner_subject"),
        purpose="audit",
        at=uow.now,
    )
    uow.announce(Announcement(ACCESS_RECORDED, key, looked))
    return found


async def read_head(uow: UnitOfWork) -> Head:
    """Return the newest link, for anyone to note down and compare later."""
    return await ChainStore(uow.session).head()
