"""Append an entry to the audit chain."""

from gateway.audit.domain.entry import Link, Reading, chained
from gateway.audit.store.chain import ChainStore
from shared.database.unit_of_work import UnitOfWork


async def append_entry(reading: Reading, uow: UnitOfWork) -> Link:
    """Chain a reading to the newest link; writers of all streams and machines come one after another."""
    store = ChainStore(uow.session)
    link = chained(await store.lock(), reading)
    await store.append(link)
    return link
