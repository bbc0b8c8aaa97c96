"""Start an import, or find out where the same file's import was."""

from datetime import datetime

from services.registration.domain.register_import import RegisterImport
from services.registration.store.imports import ImportStore, StartedImport
from shared.database.unit_of_work import UnitOfWork


async def start_import(started: StartedImport, uow: UnitOfWork, now: datetime) -> RegisterImport:
    """A file is known by its digest: while its import runs there is only that one."""
    store = ImportStore(uow.session)
    return await store.find(await store.start(started, now), started.keeper)
