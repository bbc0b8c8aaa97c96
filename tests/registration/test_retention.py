"""V05: a filing that led to no enterprise loses its people when its years are over; the register keeps its own."""

from datetime import datetime, timedelta
from typing import Any

from services.registration.store.retention import FILINGS as ENDED_FILINGS
from shared.calendar import CHINA, add_months, local_date
from shared.region import load_region_pack
from shared.region.retention import RecordKind
from shared.retention import purge_due
from tests.registration.builders import ANN, FILINGS, OFFICER, filing
from tests.support.service import REGION_PACK, ServiceUnderTest

REGION = load_region_pack(REGION_PACK)
REASON = {"reason_zh": "经营范围不予登记", "reason_en": "the scope cannot be registered"}


async def purge_at(registration: ServiceUnderTest, at: datetime) -> int:
    """Let the sweep run at an instant."""
    transactions = registration.app.state.backend.transactions
    return int(await transactions.run(lambda uow: purge_due(ENDED_FILINGS, REGION, uow, at)))


async def test_ended_filings_are_emptied_and_approved_ones_stay(registration: ServiceUnderTest) -> None:
    async def filed(**changes: Any) -> str:
        return str((await registration.post(FILINGS, filing(**changes), ANN)).json()["id"])

    approved, refused, withdrawn = (
        await filed(),
        await filed(name__trade="曲艺"),
        await filed(scope=["X0000-00"]),
    )
    answers = [
        await registration.post(f"{FILINGS}/{refused}/refusal", REASON, OFFICER),
        await registration.post(f"{FILINGS}/{withdrawn}/withdrawal", None, ANN),
    ]
    years = REGION.retention_of(RecordKind.FILING).years
    last_day = add_months(local_date(registration.clock()), 12 * years)
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=CHINA) + timedelta(days=1)

    early = await purge_at(registration, midnight - timedelta(microseconds=1))
    purged = [await purge_at(registration, midnight) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (early, purged) == (0, [2, 0])
    for filing_id, names in ((approved, True), (refused, False), (withdrawn, False)):
        [row] = await registration.rows(
            "SELECT content::text AS c FROM filing WHERE id::text = :i", i=filing_id
        )
        assert [value in row["c"] for value in ("张三丰", "13800000000", "河东大道12号")] == [names] * 3
        assert (await registration.get(f"{FILINGS}/{filing_id}", OFFICER)).status_code == 200
    entries = await registration.rows("SELECT reference FROM purged_record WHERE record = 'filing'")
    assert {entry["reference"] for entry in entries} == {refused, withdrawn}
