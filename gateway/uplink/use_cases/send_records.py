"""Decides to whom facts go, and sends each upstream its records in their order.

Nothing is held open while an upstream is called. A record is sent under its own key, so that a worker that dies
anywhere sends it again and it counts once. An upstream that is away holds up its own records only.
"""

from collections.abc import Sequence
from typing import Final

from gateway.uplink.clients import UpstreamClient
from gateway.uplink.domain.records import OutboundRecord, Outcome, RecordState, advance
from gateway.uplink.domain.upstreams import Upstream
from gateway.uplink.store.records import RecordStore
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.identifiers.uuid7 import new_uuid7
from shared.outbound import outbound_client

BATCH: Final = 100


class SendRecords:
    """The errand."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        self._upstreams = upstreams

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many facts and records were handled."""
        handled = await transactions.run(self._address)
        async with outbound_client() as http:
            for upstream in self._upstreams:
                handled += await _send(UpstreamClient(http, upstream), upstream.key, transactions)
        return handled

    async def _address(self, uow: UnitOfWork) -> int:
        """Make a record for every upstream that a fact is marked for; a fact that is marked for none is dropped."""
        store = RecordStore(uow.session)
        facts = await store.take_facts(BATCH)
        for fact, occurred_at in facts:
            for upstream in self._upstreams:
                if fact.item in upstream.items:
                    await store.add(
                        OutboundRecord(new_uuid7(), upstream.key, fact, occurred_at, next_attempt_at=uow.now)
                    )
        return len(facts)


async def _send(client: UpstreamClient, upstream: str, transactions: UnitOfWorkFactory) -> int:
    """Send until there is nothing, or something that must wait; returns how many were tried."""

    async def next_one(uow: UnitOfWork) -> OutboundRecord | None:
        return await RecordStore(uow.session).next_of(upstream)

    for tried in range(BATCH):
        now = transactions.clock()
        record = await transactions.run(next_one)
        if record is None or (record.next_attempt_at is not None and record.next_attempt_at > now):
            return tried
        outcome = await client.send(record, now)

        async def settle(
            uow: UnitOfWork, record: OutboundRecord = record, outcome: Outcome = outcome
        ) -> OutboundRecord:
            store = RecordStore(uow.session)
            locked = await store.read(record.record_id, lock=True)
            changed = advance(locked, outcome, uow.now)
            await store.save(changed)
            return changed

        if (await transactions.run(settle)).state is RecordState.PENDING:
            return tried + 1
    return BATCH
