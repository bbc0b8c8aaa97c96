"""Take in what an event says: where a case stands, what is known of an enterprise."""

from collections.abc import Mapping

from gateway.progress.domain.case import Change
from gateway.progress.domain.records import Origin, record_of
from gateway.progress.store.cases import ProgressStore
from gateway.progress.store.records import RecordStore
from shared.database.unit_of_work import UnitOfWork


async def follow_case(change: Change, uow: UnitOfWork) -> None:
    """Write where the case stands now, and the entry of its history."""
    await ProgressStore(uow.session).apply(change)


async def file_fact(origin: Origin, said: Mapping[str, object], uow: UnitOfWork) -> None:
    """File the fact under its enterprise, or among the exceptions."""
    record = record_of(origin, said)
    if record is not None:
        await RecordStore(uow.session).file(record)
