"""V05, NFR-06: what is personal of a closed ticket is kept for its years, and purged with an entry after them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.hotline.store.retention import TICKETS as CLOSED_TICKETS
from shared.calendar import CHINA, add_months, local_date
from shared.region import load_region_pack
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.hotline.steps import DESK, OWNER, PROTECTED, TICKETS, answered, done, somebody, submit
from tests.support.service import REGION_PACK, ServiceUnderTest
from tests.support.waiting import eventually

REGION = load_region_pack(REGION_PACK)
PERSONAL = ("张三丰", "13900000001", "person-owner", "贵店", "蒲津")


async def closed(hotline: ServiceUnderTest, token: str, **more: Any) -> str:
    """A ticket that was answered, rated and closed."""
    number = await answered(hotline, token, place={"code": "140881001", "text": "蒲津街9号"}, **more)
    await done(hotline, number, "rating", token, score=5, solved=True)
    await done(hotline, number, "closure", DESK)
    return number


async def first_day_after(hotline: ServiceUnderTest, number: str) -> datetime:
    """The midnight with which the time of retention is over."""
    [row] = await hotline.rows("SELECT closed_at FROM ticket WHERE number = :n", n=number)
    years = REGION.retention_of(RecordKind.HOTLINE_TICKET).years
    last_day = add_months(local_date(row["closed_at"]), 12 * years)
    return datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=1)


async def purge_at(hotline: ServiceUnderTest, at: datetime) -> int:
    """Let the sweep run at an instant."""
    transactions = hotline.app.state.backend.transactions
    return int(await transactions.run(lambda uow: purge_due(CLOSED_TICKETS, REGION, uow, at)))


async def test_personal_data_is_purged_with_an_entry_when_its_time_is_over_and_not_before(
    still_hotline: ServiceUnderTest,
) -> None:
    number = await closed(still_hotline, OWNER)
    hidden = await closed(still_hotline, somebody(), kind="report", confidential=True)
    running = (await submit(still_hotline))["number"]
    midnight = await first_day_after(still_hotline, number)

    early = await purge_at(still_hotline, midnight - timedelta(microseconds=1))
    before = (await still_hotline.get(f"{TICKETS}/{number}", DESK)).json()
    purged = [await purge_at(still_hotline, midnight) for _ in range(2)]
    after = (await still_hotline.get(f"{TICKETS}/{number}", DESK)).json()

    assert (early, before["contact"]["name"]) == (0, "张三丰")
    assert purged == [2, 0]
    assert (after["number"], after["state"], after["rating"]["score"]) == (number, "closed", 5)
    tables = {"ticket": "number", "ticket_history": "ticket_number", "ticket_identity": "ticket_number"}
    for table, column in tables.items():
        rows = await still_hotline.rows(
            f"SELECT row_to_json(t)::text AS row FROM {table} t WHERE {column} IN (:a, :b)",  # noqa: S608 - our own
            a=number,
            b=hidden,
        )
        assert [row for row in rows if any(value in row["row"] for value in PERSONAL)] == []
    entries = await still_hotline.rows("SELECT * FROM purged_record WHERE record = 'hotline_ticket'")
    assert {(entry["reference"], entry["kept_years"]) for entry in entries} == {(number, 3), (hidden, 3)}
    assert (await still_hotline.get(f"{TICKETS}/{running}", DESK)).json()["contact"]["name"] == "张三丰"
    assert (await still_hotline.get(f"{TICKETS}/{hidden}/identity", PROTECTED)).status_code == 404


async def test_the_event_log_of_a_purged_ticket_held_references_only(still_hotline: ServiceUnderTest) -> None:
    number = await closed(still_hotline, OWNER)

    rows = await still_hotline.rows("SELECT event::text AS event FROM outbox WHERE subject = :n", n=number)

    assert len(rows) > 4
    told = [row for row in rows if any(value in row["event"] for value in ("张三丰", "13900000001", "蒲津"))]
    assert told == []


async def test_the_history_of_a_ticket_that_is_still_kept_cannot_be_emptied(
    still_hotline: ServiceUnderTest,
) -> None:
    number = await closed(still_hotline, OWNER)

    for change in ("note = NULL", "actor = '***'"):
        with pytest.raises(DBAPIError, match="only ever appended to"):
            await still_hotline.rows_changed(
                f"UPDATE ticket_history SET {change} WHERE ticket_number = :n",  # noqa: S608 - our own
                n=number,
            )


async def test_the_worker_purges_by_itself(hotline: ServiceUnderTest) -> None:
    number = await closed(hotline, OWNER)
    await hotline.stop_worker()
    now = hotline.clock()
    hotline.clock.set(await first_day_after(hotline, number))
    await hotline.start_worker()

    async def entry() -> list[dict[str, Any]]:
        return await hotline.rows("SELECT * FROM purged_record WHERE reference = :n", n=number)

    assert await eventually(entry)
    hotline.clock.set(now)
