"""What every filing has whatever it asks for: a draft, one list of what is missing, a person, a clock."""

from datetime import UTC, datetime, timedelta

import pytest

from services.registration.use_cases.watch_filings import tell_overdue_filings
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, distinctive, filing
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

PREFIX = "cn.tongban.registration."
REASON = {"reason_zh": "股权结构复杂", "reason_en": "the structure of shares is complex"}
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in China


async def under_review(registration: ServiceUnderTest) -> str:
    """A filing whose trade the rules do not know."""
    answer = await registration.post(FILINGS, filing(name__trade="曲艺"), ANN)
    assert answer.json()["status"] == "under_review", answer.text
    found: str = answer.json()["id"]
    return found


async def test_a_draft_reserves_nothing_and_is_told_once_all_that_is_missing(
    registration: ServiceUnderTest,
) -> None:
    name = distinctive()
    body = filing(name__distinctive=name, service_address_confirmed=False, scope=["X0000-00"])
    draft = (await registration.post(f"{FILINGS}/drafts", body, ANN)).json()
    path = f"{FILINGS}/{draft['id']}"

    foreign = await registration.get(f"{path}/check", BOB)
    missing = (await registration.get(f"{path}/check", ANN)).json()["missing"]
    mended = await registration.client.put(
        path,
        json=filing(name__distinctive=name),
        headers=bearer(ANN, key="mend-a-draft-0001") | {"If-Match": '"1"'},
    )
    whole = (await registration.get(f"{path}/check", ANN)).json()["missing"]
    taken_meanwhile = await registration.rows("SELECT 1 FROM name_claim WHERE filing_id = :i", i=draft["id"])
    decided = (await registration.post(f"{path}/submission", None, ANN)).json()

    assert (draft["status"], draft["checks"], foreign.status_code) == ("draft", [], 404)
    assert {f["pointer"] for f in missing} == {"/service_address_confirmed", "/scope/0"}
    assert (mended.status_code, whole, taken_meanwhile) == (200, [], [])
    assert (decided["status"], decided["decided_by"]) == ("approved", "system")
    assert await registration.events(f"{PREFIX}filing.submitted.v1", draft["id"])


async def test_a_draft_can_be_taken_back_and_is_nobody_elses(registration: ServiceUnderTest) -> None:
    draft = (await registration.post(f"{FILINGS}/drafts", filing(), ANN)).json()
    path = f"{FILINGS}/{draft['id']}"

    foreign = await registration.post(f"{path}/submission", None, BOB)
    withdrawn = await registration.post(f"{path}/withdrawal", None, ANN)
    late = await registration.post(f"{path}/submission", None, ANN)

    assert (foreign.status_code, withdrawn.json()["status"], late.status_code) == (404, "withdrawn", 409)


async def test_whoever_wants_a_person_gets_one_though_the_rules_would_approve(
    registration: ServiceUnderTest,
) -> None:
    waiting = (await registration.post(FILINGS, filing(wants_person=True), ANN)).json()

    approved = (await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)).json()

    assert waiting["status"] == "under_review"
    assert [f["rule"] for f in waiting["findings"]] == ["review.by_person"]
    assert (approved["status"], approved["decided_by"]) == ("approved", "officer")


async def test_a_person_looks_at_what_the_rules_returned_but_waives_no_rule(
    registration: ServiceUnderTest,
) -> None:
    body = filing(service_address_confirmed=False)
    returned = (await registration.post(FILINGS, body, ANN)).json()
    path = f"{FILINGS}/{returned['id']}"

    asked = (await registration.post(f"{path}/person-request", None, ANN)).json()
    refused = await registration.post(f"{path}/approval", None, OFFICER)
    explained = (await registration.post(f"{path}/return", REASON, OFFICER)).json()

    assert (returned["status"], asked["status"]) == ("returned", "under_review")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/faults-remain")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/service_address_confirmed"]
    assert (explained["status"], explained["reason"]["zh"]) == ("returned", REASON["reason_zh"])


async def test_an_officer_has_three_working_days_and_once_three_more(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    path = f"{FILINGS}/{await under_review(registration)}"

    before = (await registration.get(path, OFFICER)).json()["clock"]
    extended = (await registration.post(f"{path}/extension", REASON, OFFICER)).json()["clock"]
    twice = await registration.post(f"{path}/extension", REASON, OFFICER)
    by_applicant = await registration.post(f"{path}/extension", REASON, ANN)
    done = (await registration.post(f"{path}/approval", None, OFFICER)).json()["clock"]

    assert (before["value"], before["unit"], before["state"]) == ("3", "working_day", "running")
    assert before["due_at"] == "2026-03-05T10:00:00Z"
    assert extended["due_at"] == "2026-03-10T10:00:00Z"
    assert [move["move"] for move in extended["moves"]] == ["started", "extended"]
    assert extended["moves"][1]["legal_basis"] == "《市场主体登记管理条例》第十九条"
    assert (twice.status_code, by_applicant.status_code) == (409, 403)
    assert done["state"] == "stopped"


async def test_time_that_has_run_out_is_not_extended_and_is_told_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    waiting = await under_review(registration)
    clock.set(datetime(2026, 3, 5, 10, 0, 1, tzinfo=UTC))

    late = await registration.post(f"{FILINGS}/{waiting}/extension", REASON, OFFICER)
    await registration.stop_worker()
    await registration.start_worker()
    told = await registration.event(f"{PREFIX}filing.overdue.v1", waiting)
    await registration.stop_worker()
    clock.advance(timedelta(days=1))
    another = await under_review(registration)
    clock.advance(timedelta(days=7))
    await registration.start_worker()
    await registration.event(f"{PREFIX}filing.overdue.v1", another)  # the restarted worker has gone round

    assert (late.status_code, late.json()["type"]) == (409, "/problems/clock-forbids")
    assert told["data"]["due_at"] == "2026-03-05T10:00:00Z"
    assert len(await registration.events(f"{PREFIX}filing.overdue.v1", waiting)) == 1


async def test_a_filing_that_is_late_again_is_told_again(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    waiting = await under_review(registration)
    path, overdue = f"{FILINGS}/{waiting}", f"{PREFIX}filing.overdue.v1"
    transactions, calendar = registration.app.state.backend.transactions, registration.app.state.desk.calendar

    async def tell() -> None:
        clock.advance(timedelta(days=8))
        for _ in range(2):
            await transactions.run(lambda uow: tell_overdue_filings(uow, calendar))

    await tell()
    returned = (await registration.post(f"{path}/return", REASON, OFFICER)).json()
    headers = bearer(ANN, key="late-again-000001") | {"If-Match": f'"{returned["version"]}"'}
    await registration.client.put(path, json=returned["content"], headers=headers)
    again = (await registration.post(f"{path}/submission", None, ANN)).json()
    await tell()

    assert again["status"] == "under_review"
    told = [event["data"]["due_at"] for event in await registration.events(overdue, waiting)]
    assert len(told) == 2
    assert told[0] < told[1]


async def test_channels_are_counted_of_the_last_year_unless_asked_otherwise(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2031, 3, 3, 2, tzinfo=UTC))
    await under_review(registration)
    clock.advance(timedelta(days=400))
    await under_review(registration)

    path = "/registration/v1/stats/channels"
    lately = (await registration.get(path, OFFICER)).json()
    longer = (await registration.get(path, OFFICER, submitted_from="2031-03-01T00:00:00Z")).json()

    assert (lately["total"], longer["total"]) == (1, 2)


@pytest.mark.parametrize(
    ("at", "due_at", "provisional"),
    [
        # National Day: 1 to 7 October are off, Saturday the 10th is worked.
        (datetime(2026, 9, 30, 2, tzinfo=UTC), "2026-10-10T10:00:00Z", False),
        # Friday before a swapped Sunday: 20 September 2026 is worked.
        (datetime(2026, 9, 18, 2, tzinfo=UTC), "2026-09-22T10:00:00Z", False),
        # Over the end of the year into one whose holidays are unpublished.
        (datetime(2026, 12, 31, 2, tzinfo=UTC), "2027-01-05T10:00:00Z", True),
    ],
)
async def test_the_clock_knows_holidays_worked_weekends_and_unpublished_years(
    registration: ServiceUnderTest, clock: SettableClock, at: datetime, due_at: str, provisional: bool
) -> None:
    clock.set(at)

    shown = (await registration.get(f"{FILINGS}/{await under_review(registration)}", OFFICER)).json()["clock"]

    assert (shown["due_at"], shown["is_provisional"]) == (due_at, provisional)


async def test_a_provisional_due_time_is_computed_anew(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    waiting = await under_review(registration)
    wrong = datetime(2027, 1, 1, tzinfo=UTC)
    await registration.rows_changed(
        "UPDATE filing SET due_at = :w, due_is_provisional = true WHERE id = CAST(:i AS uuid)",
        w=wrong,
        i=waiting,
    )
    await registration.stop_worker()
    await registration.start_worker()

    async def renewed() -> bool:
        query = "SELECT due_at, due_is_provisional FROM filing WHERE id = CAST(:i AS uuid)"
        [row] = await registration.rows(query, i=waiting)
        return bool(row["due_at"] != wrong and not row["due_is_provisional"])

    assert await eventually(renewed)
