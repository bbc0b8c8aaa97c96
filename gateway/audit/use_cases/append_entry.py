"""Append an entry to the audit chain."""

from gateway.audit.domain.entry import Act, Link, chained
from gateway.audit.store.chain import ChainStore
from shared.database.unit_of_work import UnitOfWork


async def append_entry(act: Act, uow: UnitOfWork) -> Link:
    """Chain a act to the newest link; writers of all streams and machines come one after another."""
    store = ChainStore(uow.session)
    link = chained(await store.lock(), act)
    await store.append(link)
    return link
