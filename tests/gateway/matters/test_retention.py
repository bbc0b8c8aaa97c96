"""V05: the shared form of an ended matter is emptied when its years are over."""

from datetime import datetime, timedelta
from typing import Any

from gateway.matters.store.retention import MATTERS
from shared.calendar import CHINA, add_months, local_date
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.gateway.materials.handing_in import hand, handed_in
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.forms import restaurant_form
from tests.support.files import pdf

WORDS = "张三未到场"


async def _with_words_and_files(front: Front, matter: dict[str, Any]) -> str:
    """A department wrote about the applicant, and both handed files in; returns its task."""
    matter = await front.until(matter["id"], seal="assigned")
    await front.gateway.rows_changed(
        "UPDATE matter_task SET return_reason = :w, result = jsonb_build_object('note', CAST(:w AS text)),"
        " refusal = jsonb_build_object('reason', CAST(:w AS text), 'legal_basis', ''),"
        " visit = jsonb_build_object('reason', CAST(:w AS text), 'basis', '', 'at', now())"
        " WHERE matter_id::text = :id",
        w=WORDS,
        id=matter["id"],
    )
    await front.gateway.rows_changed(
        "UPDATE matter_history SET details = jsonb_build_object('reason', CAST(:w AS text))"
        " WHERE matter_id::text = :id",
        w=WORDS,
        id=matter["id"],
    )
    made = await handed_in(front.gateway, pdf("a lease"), hand())
    await front.gateway.rows_changed(
        "INSERT INTO material_attachment VALUES (:id, CAST(:m AS uuid), 'submitted', NULL, now())",
        id=matter["id"],
        m=made["material_id"],
    )
    return front.task_id(matter, "seal")


async def test_a_task_of_a_theme_that_the_region_offers_no_more_can_be_read(front: Front) -> None:
    matter = await front.until((await front.opened())["id"], seal="assigned")
    state = front.gateway.app.state
    without = front.pack.model_copy(update={"matters": ()})

    state.region, offered = without, state.region
    try:
        task = await front.gateway.get(
            f"/matters/v1/tasks/{front.task_id(matter, 'seal')}", front.agency("police")
        )
    finally:
        state.region = offered

    assert task.status_code == 200, task.text
    assert {fact["key"]: fact["value"] for fact in task.json()["facts"]}["uscc"] == matter["uscc"]


async def test_the_form_of_an_ended_matter_is_purged_with_an_entry_and_not_a_day_earlier(
    front: Front,
) -> None:
    form = restaurant_form()
    ended, running = await front.opened(form=form), await front.opened()
    seal = await _with_words_and_files(front, ended)
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
    words = await front.gateway.rows(
        "SELECT string_agg(concat(t.result, t.refusal, t.return_reason, t.visit), '') || (SELECT"
        " string_agg(h.details::text, '') FROM matter_history h WHERE h.matter_id = t.matter_id) AS held"
        " FROM matter_task t WHERE t.matter_id::text = :id GROUP BY t.matter_id",
        id=ended["id"],
    )
    assert WORDS not in words[0]["held"]
    files = await front.gateway.rows("SELECT 1 FROM material_attachment WHERE case_id = :id", id=ended["id"])
    assert files == []
    emptied = await front.gateway.get(f"/matters/v1/tasks/{seal}", front.agency("police"))
    assert emptied.status_code == 200, emptied.text
    assert {fact["value"] for fact in emptied.json()["facts"] if fact["key"].startswith("legal_")} == {None}
    [entry] = await front.gateway.rows("SELECT reference FROM purged_record WHERE record = 'matter'")
    assert entry["reference"] == ended["id"]
