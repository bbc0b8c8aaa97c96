"""Keeps what an event says upward, until it is decided to whom it goes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.uplink.domain.facts import facts_of
from gateway.uplink.store.records import RecordStore
from shared.database.unit_of_work import UnitOfWork


async def keep_facts(
    event_type: str, said: Mapping[str, Any], occurred_at: datetime, uow: UnitOfWork
) -> None:
    """Keep every fact of the event."""
    for fact in facts_of(event_type, said):
        await RecordStore(uow.session).keep(fact, occurred_at)
