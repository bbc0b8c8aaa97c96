"""V05: the shared form of an ended matter is emptied when its years are over."""

from datetime import datetime, timedelta

from gateway.matters.store.retention import MATTERS
from shared.calendar import CHINA, add_months, local_date
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form


async def test_the_form_of_an_ended_matter_is_purged_with_an_entry_and_not_a_day_earlier(
    front: Front,
) -> None:
    form = restaurant_form()
    ended, running = await front.opened(form=form), await front.opened()
    await front.gateway.rows_changed(
        "UPDATE matter SET state = 'completed', ended_at = now() WHERE matter_id::text = :i", i=ended["id"]
    )
    last_day = add_months(
        local_date(front.gateway.clock()), 12 * front.pack.retention_of(RecordKind.MATTER).years
    )
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=1)

    async def purge_at(at: datetime) -> int:
        transactions = front.gateway.app.state.backend.transactions
        return int(await transactions.run(lambda uow: purge_due(MATTERS, front.pack, uow, at)))

    early, purged = await purge_at(midnight - timedelta(microseconds=1)), await purge_at(midnight)

    assert (early, purged) == (0, 1)
    held = {
        row["id"]: row["held"]
        for row in await front.gateway.rows(
            "SELECT m.matter_id::text AS id, m.form::text || string_agg(s.request::text, '') AS held"
            " FROM matter m JOIN matter_step s USING (matter_id) GROUP BY m.matter_id"
        )
    }
    assert form["contact_phone"] not in held[ended["id"]]
    assert form["contact_phone"] in held[running["id"]]
    assert (await front.read(ended["id"]))["state"] == "completed"
    [entry] = await front.gateway.rows("SELECT reference FROM purged_record WHERE record = 'matter'")
    assert entry["reference"] == ended["id"]
