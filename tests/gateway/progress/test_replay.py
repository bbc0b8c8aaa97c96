"""Progress is built from events alone: emptied and replayed, it says the same."""

from typing import Any
from uuid import uuid4

from gateway.progress.consumers import CONSUMERS
from shared.messaging.replay import rebuild, remaining
from tests.gateway.acting import a_uscc
from tests.gateway.progress.conftest import City
from tests.support.broker import client_of
from tests.support.waiting import eventually


async def _tables(city: City) -> list[list[dict[str, Any]]]:
    """All but deliveries, which another part of the gateway begins by itself meanwhile."""
    cases = "SELECT * FROM progress_case WHERE kind <> 'delivery' ORDER BY service, case_id"
    entries = (
        "SELECT * FROM progress_entry WHERE what NOT LIKE 'gateway.delivery.%' ORDER BY case_id, event_id"
    )
    return [
        await city.gateway.rows(cases),
        await city.gateway.rows(entries),
        await city.gateway.rows("SELECT * FROM progress_record ORDER BY service, event_id"),
    ]


async def test_a_replay_from_zero_rebuilds_where_everything_stands(city: City) -> None:
    ann, uscc = f"ann-{uuid4()}", a_uscc()
    filing = await city.filed(ann)
    await city.approved(filing, uscc)
    number = str(uuid4())
    await city.tell("hotline.ticket.received", number, {"ticket_number": number, "applicant": ann})
    await city.tell("hotline.ticket.closed", number, {"ticket_number": number, "applicant": ann})
    await city.until(ann, "completed", filing["case_no"])
    await city.until(ann, "completed", number)
    before = await _tables(city)

    async with client_of(city.gateway.broker) as provisioner:
        started = await rebuild(CONSUMERS, city.gateway.engine, provisioner)

        async def drained() -> bool:
            left = [await remaining(each, city.gateway.engine, provisioner) for each in CONSUMERS]
            assert not any(left), left
            assert await _tables(city) == before
            return True

        await eventually(drained, within=60)

    assert len(started) == len(CONSUMERS)
