"""An operator has a record sent again at once."""

from collections.abc import Callable
from uuid import UUID

from gateway.uplink.domain.records import OutboundRecord, Outcome, RecordAction, advance
from gateway.uplink.store.records import RecordStore
from shared.database.unit_of_work import UnitOfWork


async def retry_record(
    record_id: UUID, check_version: Callable[[int], None], uow: UnitOfWork
) -> OutboundRecord:
    """Raises: RecordNotFound; RecordActionNotAllowed for one that was taken."""
    store = RecordStore(uow.session)
    record = await store.read(record_id, lock=True)
    check_version(record.version)
    changed = advance(record, Outcome(RecordAction.RETRY), uow.now)
    await store.save(changed)
    return changed
