"""Facts whose enterprise could not be told: the data bureau looks at them and says whose each is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.progress.domain.errors import ExceptionNotFound, ExceptionsForBureau
from gateway.progress.domain.records import Record
from gateway.progress.published import record_resolved
from gateway.progress.store.records import RecordStore
from gateway.progress.use_cases.wording import Wording
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class ResolveException:
    """Which fact, whose it is, and why the bureau holds so."""

    event_id: UUID
    uscc: str
    reason: str
    caller: Principal


async def list_exceptions(
    caller: Principal, after: UUID | None, limit: int, wording: Wording, uow: UnitOfWork
) -> list[Record]:
    """The oldest first. Raises: ExceptionsForBureau."""
    _require_bureau(caller, wording)
    return await RecordStore(uow.session).exceptions(after, limit)


async def resolve_exception(
    command: ResolveException, wording: Wording, uow: UnitOfWork, now: datetime
) -> Record:
    """Raises: ExceptionsForBureau; ExceptionNotFound, also where it was resolved before."""
    _require_bureau(command.caller, wording)
    store = RecordStore(uow.session)
    record = await store.exception(command.event_id)
    by = command.caller.reference
    if record is None or not await store.resolve(command.event_id, command.uscc, command.reason, by, now):
        raise ExceptionNotFound(str(command.event_id))
    uow.announce(record_resolved(record, command.uscc, now))
    return record


def _require_bureau(caller: Principal, wording: Wording) -> None:
    if caller.agency not in wording.bureaus():
        raise ExceptionsForBureau
