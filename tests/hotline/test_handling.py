"""From dispatch to the end: returns, replies, ratings, levels, figures."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.calendar import CHINA
from tests.hotline.steps import (
    CENTRE,
    DESK,
    ECOLOGY,
    ECOLOGY_TOKEN,
    HOUSING,
    HOUSING_TOKEN,
    OWNER,
    STRANGER,
    TICKETS,
    act,
    answered,
    change_level,
    done,
    slug,
    submit,
)
from tests.support.identities import agency_token, officer_token
from tests.support.service import ServiceUnderTest

EVENT = "cn.tongban.hotline.ticket."


async def test_a_ticket_goes_its_way_and_every_move_has_role_and_time(
    still_hotline: ServiceUnderTest,
) -> None:
    hotline = still_hotline
    number = await answered(hotline)
    rated = await done(hotline, number, "rating", OWNER, score=5, solved=True)
    closed = await done(hotline, number, "closure", DESK)

    assert (rated["state"], closed["state"]) == ("rated", "closed")
    replied = await hotline.event(f"{EVENT}replied.v1", number)
    assert replied["data"]["on_time"] is True
    moves = (await hotline.get(f"{TICKETS}/{number}/history", OWNER)).json()["entries"]
    assert [(m["action"], m["role"]) for m in moves] == [
        ("receive", "requester"),
        ("dispatch", "system"),
        ("sign", "unit"),
        ("contact", "unit"),
        ("reply", "unit"),
        ("rate", "requester"),
        ("close", "centre"),
    ]
    assert all(m["at"] for m in moves)
    sequences = await hotline.rows(
        "SELECT sequence FROM outbox WHERE subject = :n AND aggregate = 'ticket' ORDER BY position", n=number
    )
    assert [row["sequence"] for row in sequences] == list(range(1, 7))


@pytest.mark.parametrize(
    ("action", "body"),
    [("contact", {}), ("reply", {"text": "答"}), ("rating", {"score": 5, "solved": True})],
)
async def test_steps_are_not_skipped(
    still_hotline: ServiceUnderTest, action: str, body: dict[str, object]
) -> None:
    number = (await submit(still_hotline))["number"]
    token = OWNER if action == "rating" else HOUSING_TOKEN

    refused = await act(still_hotline, number, action, token, **body)

    assert (refused.status_code, slug(refused)) == (409, "action-not-allowed")
    assert refused.json()["ticket_state"] == "dispatched"


async def test_nothing_is_closed_without_a_reply(still_hotline: ServiceUnderTest) -> None:
    number = (await submit(still_hotline))["number"]

    refused = await act(still_hotline, number, "closure", DESK)

    assert (refused.status_code, slug(refused)) == (409, "reply-missing")


async def test_the_centre_does_not_close_while_the_requester_may_rate(
    still_hotline: ServiceUnderTest,
) -> None:
    number = await answered(still_hotline)

    refused = await act(still_hotline, number, "closure", DESK)

    assert (refused.status_code, slug(refused)) == (409, "rating-still-open")


async def test_each_part_does_only_its_own(still_hotline: ServiceUnderTest) -> None:
    number = (await submit(still_hotline))["number"]
    busy = agency_token(
        "housing", HOUSING, "hotline.ticket.read", "hotline.ticket.handle", "hotline.ticket.manage"
    )

    as_centre = await act(still_hotline, number, "dispatch", busy, category="noise")
    as_unit = await act(still_hotline, number, "signature", DESK)
    as_person = await act(still_hotline, number, "signature", OWNER)

    assert (as_centre.status_code, slug(as_centre)) == (403, "not-your-part")
    assert (as_unit.status_code, slug(as_unit)) == (403, "not-your-part")
    assert (as_person.status_code, slug(as_person)) == (403, "insufficient-scope")


async def test_a_returned_ticket_is_named_once_and_stays(still_hotline: ServiceUnderTest) -> None:
    hotline = still_hotline
    number = (await submit(hotline))["number"]
    reason = {"reason": "not_our_duty", "note": "不属本单位职责"}

    returned = await done(hotline, number, "return", HOUSING_TOKEN, **reason)
    gone = await hotline.get(f"{TICKETS}/{number}", HOUSING_TOKEN)
    named = await done(hotline, number, "dispatch", DESK, agency_uscc=ECOLOGY)
    again = await act(hotline, number, "return", ECOLOGY_TOKEN, **reason)

    assert (returned["state"], returned["agency_uscc"]) == ("returned", CENTRE)
    assert gone.status_code == 404
    assert (named["agency_uscc"], named["may_be_returned"]) == (ECOLOGY, False)
    assert (again.status_code, slug(again)) == (409, "return-not-allowed")
    [event] = await hotline.events(f"{EVENT}returned.v1", number)
    assert event["data"] == {
        "ticket_number": number,
        "agency_uscc": HOUSING,
        "reason_code": "not_our_duty",
        "applicant": "person-owner",
    }
    notes = (await hotline.get(f"{TICKETS}/{number}/history", DESK)).json()["entries"]
    assert "不属本单位职责" in str(notes)
    assert "不属本单位职责" not in (await hotline.get(f"{TICKETS}/{number}/history", OWNER)).text


async def test_the_centre_may_handle_what_was_returned(still_hotline: ServiceUnderTest) -> None:
    number = (await submit(still_hotline))["number"]
    await done(still_hotline, number, "return", HOUSING_TOKEN, reason="duplicate", note="重复")

    signed = await done(still_hotline, number, "signature", DESK)

    assert (signed["state"], signed["agency_uscc"]) == ("signed", CENTRE)


async def test_only_the_requester_rates_and_only_once(still_hotline: ServiceUnderTest) -> None:
    hotline = still_hotline
    number = await answered(hotline)
    verdict = {"score": 3, "solved": True}
    staff = officer_token("person-owner", HOUSING, "hotline.ticket.submit", "hotline.ticket.read")
    system = agency_token("housing", HOUSING, "hotline.ticket.submit")

    for token in (staff, system, DESK):
        refused = await act(hotline, number, "rating", token, **verdict)
        assert (refused.status_code, slug(refused)) == (403, "rating-is-the-requesters")
    assert (await act(hotline, number, "rating", STRANGER, **verdict)).status_code == 404
    assert (await act(hotline, number, "rating", OWNER, score=6, solved=True)).status_code == 400
    await done(hotline, number, "rating", OWNER, **verdict)
    again = await act(hotline, number, "rating", OWNER, score=5, solved=True)

    assert (again.status_code, slug(again)) == (409, "already-rated")
    [event] = await hotline.events(f"{EVENT}rated.v1", number)
    told = {"ticket_number": number, "score": 3, "solved": True, "applicant": "person-owner"}
    assert event["data"] == told


@pytest.mark.parametrize(("score", "solved"), [(5, False), (2, True), (1, False)])
async def test_a_bad_verdict_sends_the_ticket_back_once(
    still_hotline: ServiceUnderTest, score: int, solved: bool
) -> None:
    hotline = still_hotline
    number = await answered(hotline)

    reopened = await done(hotline, number, "rating", OWNER, score=score, solved=solved)
    await done(hotline, number, "contact", HOUSING_TOKEN)
    replied = await done(hotline, number, "reply", HOUSING_TOKEN, text="已上门说明。")
    again = await act(hotline, number, "rating", OWNER, score=1, solved=False)
    closed = await done(hotline, number, "closure", DESK)

    assert (reopened["state"], reopened["is_supervised"], reopened["round"]) == ("reopened", True, 2)
    assert reopened["reply_due_at"] >= reopened["rating"]["rated_at"]
    assert (replied["state"], replied["rating"]["score"]) == ("replied", score)
    assert (again.status_code, slug(again)) == (409, "already-rated")
    assert closed["state"] == "closed"
    assert len(await hotline.events(f"{EVENT}dispatched.v1", number)) == 2


async def test_a_changed_level_recomputes_the_deadlines_and_is_written_down(
    still_hotline: ServiceUnderTest,
) -> None:
    hotline = still_hotline
    hotline.clock.set(datetime(2025, 9, 26, 10, tzinfo=CHINA).astimezone(UTC))
    ticket = await submit(hotline)

    changed = await change_level(hotline, ticket["number"], "difficult")
    stale = await change_level(hotline, ticket["number"], "urgent", etag=f'"{ticket["version"]}"')
    unknown = await change_level(hotline, ticket["number"], "hopeless")
    hotline.clock.set(datetime.now(UTC))

    assert ticket["reply_due_at"] == "2025-10-10T10:00:00Z"
    assert changed.json()["reply_due_at"] == "2025-10-23T10:00:00Z"
    assert changed.json()["first_contact_due_at"] == "2025-09-28T10:00:00Z"
    assert stale.status_code == 412
    assert [e["pointer"] for e in unknown.json()["errors"]] == ["/level"]
    moves = (await hotline.get(f"{TICKETS}/{ticket['number']}/history", DESK)).json()["entries"]
    assert (moves[-1]["action"], moves[-1]["note"]) == ("change_level", "general -> difficult")


async def test_figures_have_numerator_and_denominator(still_hotline: ServiceUnderTest) -> None:
    hotline = still_hotline
    day = datetime(2025, 3, 3, 10, tzinfo=CHINA)
    hotline.clock.set(day.astimezone(UTC))
    open_one = (await submit(hotline))["number"]
    good, bad, enforcement = [await answered(hotline) for _ in range(3)]
    await done(hotline, good, "rating", OWNER, score=3, solved=True)
    await done(hotline, bad, "rating", OWNER, score=2, solved=True)
    await hotline.rows_changed("UPDATE ticket SET nature = 'enforcement' WHERE number = :n", n=enforcement)
    await done(hotline, enforcement, "rating", OWNER, score=5, solved=True)
    await done(hotline, open_one, "signature", HOUSING_TOKEN)
    await done(hotline, open_one, "contact", HOUSING_TOKEN)
    hotline.clock.set((day + timedelta(days=30)).astimezone(UTC))
    await done(hotline, open_one, "reply", HOUSING_TOKEN, text="迟复为歉。")
    hotline.clock.set(datetime.now(UTC))
    march = {"received_from": "2025-03-01", "received_to": "2025-03-31"}

    seen = (await hotline.get("/hotline/v1/stats", DESK, **march)).json()
    own = (await hotline.get("/hotline/v1/stats", ECOLOGY_TOKEN, **march)).json()
    day_before = {"received_from": "2025-03-01", "received_to": "2025-03-02"}
    none = (await hotline.get("/hotline/v1/stats", DESK, **day_before)).json()
    person = await hotline.get("/hotline/v1/stats", OWNER, **march)
    backwards = {"received_from": "2025-03-02", "received_to": "2025-03-01"}

    assert seen["agencies"] == [
        {
            "agency_uscc": HOUSING,
            # The badly rated one is open again; the enforcement one counts here but not below.
            "completion": {"numerator": 3, "denominator": 4, "rate": "0.7500"},
            "on_time": {"numerator": 2, "denominator": 3, "rate": "0.6667"},
            "satisfaction": {"numerator": 1, "denominator": 2, "rate": "0.5000"},
        }
    ]
    assert (own["agencies"], none["agencies"]) == ([], [])
    assert (person.status_code, slug(person)) == (403, "figures-are-for-agencies")
    assert (await hotline.get("/hotline/v1/stats", DESK, **backwards)).status_code == 400
