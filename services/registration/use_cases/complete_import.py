"""Complete an import once every line was taken over or reported."""

from datetime import datetime
from uuid import UUID

from services.registration.domain.errors import ImportIncomplete
from services.registration.domain.register_import import ImportStatus, RegisterImport
from services.registration.store.imports import ImportStore
from shared.database.unit_of_work import UnitOfWork


async def complete_import(import_id: UUID, keeper: str, uow: UnitOfWork, now: datetime) -> RegisterImport:
    """Completing twice changes nothing. Raises: ImportNotFound, ImportIncomplete."""
    store = ImportStore(uow.session)
    running = await store.find(import_id, keeper, lock="FOR UPDATE")
    if running.status is ImportStatus.COMPLETED:
        return running
    if running.next_line <= running.total_lines:
        raise ImportIncomplete(running.next_line)
    await store.complete(import_id, now)
    return await store.find(import_id, keeper)
