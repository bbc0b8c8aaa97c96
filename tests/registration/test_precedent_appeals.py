"""A refusal appealed with a precedent (有先例可办): answered in writing, and set aside where the appeal is upheld."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from services.registration.use_cases.precedent_appeals import renew_provisional_appeals
from shared.calendar import WorkingCalendar
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, OTHER_OFFICER, distinctive, filing
from tests.registration.changing import registered
from tests.support.clock import SettableClock
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest

APPEALS = "/registration/v1/appeals"
PREFIX = "cn.tongban.registration."
REASON = {"reason_zh": "行业表述不规范", "reason_en": "the trade is not a standard one"}
PRECEDENT = {"region": "运城市盐湖区", "item": "企业设立登记", "words": "盐湖区已登记同类企业"}


def renamed(code: str) -> dict[str, Any]:
    """A new name with a trade that the rules do not know."""
    name = {"division": "永济市", "distinctive": distinctive(), "trade": "曲艺", "form": "有限公司"}
    return {
        "kind": "alteration",
        "uscc": code,
        "decided_on": "2026-03-02",
        "resolution_signed": True,
        "name": name,
    }


async def refused(registration: ServiceUnderTest, body: dict[str, Any] | None = None) -> str:
    """A filing that an officer refused."""
    waiting = (await registration.post(FILINGS, body or filing(name__trade="曲艺"), ANN)).json()
    assert waiting["status"] == "under_review", waiting
    await registration.post(f"{FILINGS}/{waiting['id']}/refusal", REASON, OFFICER)
    found: str = waiting["id"]
    return found


async def test_a_refusal_is_appealed_with_a_precedent_and_answered_in_writing(
    registration: ServiceUnderTest,
) -> None:
    filing_id = await refused(registration)
    path = f"{FILINGS}/{filing_id}/appeals"

    strange = await registration.post(path, PRECEDENT, BOB)
    made = await registration.post(path, PRECEDENT, ANN)
    again = await registration.post(path, PRECEDENT, ANN)
    one = f"{APPEALS}/{made.json()['id']}"
    silent = await registration.post(f"{one}/answer", {"outcome": "upheld"}, OFFICER)
    answer = {"outcome": "upheld", "answer_zh": "参照先例办理", "answer_en": "as there"}
    elsewhere = await registration.post(f"{one}/answer", answer, OTHER_OFFICER)
    waiting = await registration.get(APPEALS, OFFICER, limit=200)
    answered = await registration.post(f"{one}/answer", answer, OFFICER)
    late = await registration.post(f"{one}/withdrawal", None, ANN)

    assert (strange.status_code, made.status_code, again.status_code) == (404, 201, 409)
    assert made.json()["clock"]["due_at"] is not None
    assert (silent.status_code, elsewhere.status_code, late.status_code) == (400, 403, 409)
    assert made.json()["id"] in {each["id"] for each in waiting.json()["entries"]}
    assert (answered.json()["status"], answered.json()["answer"]["zh"]) == ("upheld", "参照先例办理")
    told = await registration.event(f"{PREFIX}appeal.answered.v1", made.json()["id"])
    assert (told["data"]["filing_id"], told["data"]["region"]) == (filing_id, "运城市盐湖区")
    assert (await registration.get(one, ANN)).json()["status"] == "upheld"
    assert (await registration.get(one, BOB)).status_code == 404


ANSWER = {"outcome": "upheld", "answer_zh": "参照先例办理", "answer_en": "as there"}


async def upheld(registration: ServiceUnderTest, filing_id: str) -> dict[str, Any]:
    """The filing once an appeal against its refusal was upheld."""
    made = (await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)).json()
    answered = await registration.post(f"{APPEALS}/{made['id']}/answer", ANSWER, OFFICER)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = (await registration.get(f"{FILINGS}/{filing_id}", ANN)).json()
    return found | {"appeal_id": made["id"]}


async def test_an_appeal_that_is_upheld_sets_the_refusal_aside(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    filing_id = await refused(registration)
    free = await registration.rows("SELECT 1 FROM name_claim WHERE filing_id = :i", i=UUID(filing_id))
    clock.set(datetime(2026, 3, 9, 2, tzinfo=UTC))

    reopened = await upheld(registration, filing_id)
    taken = await registration.rows("SELECT 1 FROM name_claim WHERE filing_id = :i", i=UUID(filing_id))
    told = (await registration.event(f"{PREFIX}filing.reopened.v1", filing_id))["data"]
    approved = (await registration.post(f"{FILINGS}/{filing_id}/approval", None, OFFICER)).json()

    assert (reopened["status"], reopened["reason"], reopened["decided_by"]) == ("under_review", None, None)
    assert reopened["submitted_at"].startswith("2026-03-02T02:00:00")
    assert reopened["clock"]["due_at"] == told["due_at"] == "2026-03-12T10:00:00Z"
    assert (told["appeal_id"], told["reason_zh"]) == (reopened["appeal_id"], ANSWER["answer_zh"])
    assert (len(free), len(taken)) == (0, 1)
    assert (approved["status"], approved["decided_by"]) == ("approved", "officer")


async def test_a_name_that_went_meanwhile_sends_a_reopened_filing_back_for_another_one(
    registration: ServiceUnderTest,
) -> None:
    name = distinctive()
    first = await refused(registration, filing(name__distinctive=name, name__trade="曲艺"))
    anew = (await registration.post(FILINGS, filing(name__distinctive=name, name__trade="曲艺"), ANN)).json()

    back = await upheld(registration, first)
    headers = bearer(ANN, key=f"other-name-{first[:20]}") | {"If-Match": f'"{back["version"]}"'}
    await registration.client.put(f"{FILINGS}/{first}", json=filing(), headers=headers)
    submitted = (await registration.post(f"{FILINGS}/{first}/submission", None, ANN)).json()

    assert (anew["status"], back["status"]) == ("under_review", "returned")
    assert next((f["rule"], f["pointer"]) for f in back["findings"]) == ("name.same", "/name")
    sent_back = await registration.event(f"{PREFIX}filing.returned.v1", first)
    assert sent_back["data"]["findings"][0]["rule"] == "name.same"
    assert submitted["status"] == "approved"


async def test_two_officers_at_once_reopen_once(registration: ServiceUnderTest) -> None:
    filing_id = await refused(registration)
    made = (await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)).json()
    no = {"outcome": "rejected", "answer_zh": "法律依据不同", "answer_en": "another law applies"}

    answers = await asyncio.gather(
        *(registration.post(f"{APPEALS}/{made['id']}/answer", each, OFFICER) for each in (ANSWER, ANSWER, no))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    won = next(answer.json()["status"] for answer in answers if answer.status_code == 200)
    stands = (await registration.get(f"{FILINGS}/{filing_id}", ANN)).json()["status"]
    assert stands == {"upheld": "under_review", "rejected": "refused"}[won]


async def test_an_enterprise_that_filed_anew_meanwhile_is_sent_back_to_after_that(
    registration: ServiceUnderTest,
) -> None:
    code = (await registered(registration))["uscc"]
    first = await refused(registration, renamed(code))
    anew = (await registration.post(FILINGS, renamed(code), ANN)).json()

    back = await upheld(registration, first)

    await registration.post(f"{FILINGS}/{anew['id']}/withdrawal", None, ANN)
    headers = bearer(ANN, key=f"once-more-{first[:20]}") | {"If-Match": f'"{back["version"]}"'}
    await registration.client.put(f"{FILINGS}/{first}", json=renamed(code), headers=headers)
    submitted = (await registration.post(f"{FILINGS}/{first}/submission", None, ANN)).json()

    assert (anew["status"], submitted["status"]) == ("under_review", "under_review")
    assert (back["status"], [f["rule"] for f in back["findings"]]) == ("returned", ["review.reopened"])


async def test_only_a_refusal_is_appealed_and_an_appeal_can_be_taken_back(
    registration: ServiceUnderTest,
) -> None:
    approved = await registered(registration)
    filing_id = await refused(registration)
    made = (await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)).json()

    wrong = await registration.post(f"{FILINGS}/{approved['id']}/appeals", PRECEDENT, ANN)
    foreign = await registration.post(f"{APPEALS}/{made['id']}/withdrawal", None, BOB)
    withdrawn = await registration.post(f"{APPEALS}/{made['id']}/withdrawal", None, ANN)
    anew = await registration.post(f"{FILINGS}/{filing_id}/appeals", PRECEDENT, ANN)

    assert (wrong.status_code, foreign.status_code) == (409, 404)
    assert (withdrawn.json()["status"], anew.status_code) == ("withdrawn", 201)


async def test_an_answer_that_is_late_is_told_once_and_still_owed(registration: ServiceUnderTest) -> None:
    path = f"{FILINGS}/{await refused(registration)}/appeals"
    made = (await registration.post(path, PRECEDENT, ANN)).json()
    overdue = f"{PREFIX}appeal.overdue.v1"
    answer = {"outcome": "rejected", "answer_zh": "法律依据不同", "answer_en": "another law applies"}

    registration.clock.advance(timedelta(days=40))
    try:
        for _ in range(2):
            await registration.stop_worker()
            await registration.start_worker()
            told = await registration.event(overdue, made["id"])
        answered = await registration.post(f"{APPEALS}/{made['id']}/answer", answer, OFFICER)
    finally:
        registration.clock.advance(-timedelta(days=40))

    assert told["data"]["due_at"] == made["clock"]["due_at"]
    assert len(await registration.events(overdue, made["id"])) == 1
    assert answered.json()["status"] == "rejected"


async def test_an_answer_that_hangs_on_an_unpublished_calendar_is_dated_anew_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    made = (
        await registration.post(f"{FILINGS}/{await refused(registration)}/appeals", PRECEDENT, ANN)
    ).json()
    await registration.rows_changed(
        "UPDATE precedent_appeal SET due_is_provisional = true WHERE id = CAST(:id AS uuid)", id=made["id"]
    )
    published = registration.app.state.desk.calendar
    unpublished = replace(published, published_years=frozenset())

    async def renewed(calendar: WorkingCalendar) -> int:
        sweep = partial(renew_provisional_appeals, calendar=calendar)
        return int(await registration.app.state.backend.transactions.run(sweep))

    waiting = [await renewed(unpublished) for _ in range(2)]
    certain = [await renewed(published) for _ in range(2)]

    assert (waiting, certain) == ([0, 0], [1, 0])
