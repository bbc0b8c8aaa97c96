"""What comes due by the clock: announced once, late or not, by one machine or two."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.hotline.domain.desk import DeskRules
from services.hotline.use_cases.close_unrated import close_unrated_tickets
from services.hotline.use_cases.mark_overdue import mark_overdue_tickets
from shared.database.unit_of_work import UnitOfWork
from shared.web.backend import Backend
from tests.hotline.steps import CENTRE, DESK, HOUSING, HOUSING_TOKEN, OWNER, TICKETS, answered, done, submit
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

OVERDUE = "cn.tongban.hotline.ticket.overdue.v1"
CLOSED = "cn.tongban.hotline.ticket.closed.v1"


async def sweep(hotline: ServiceUnderTest, rules: DeskRules) -> int:
    """One run of everything that comes due, in a transaction as the worker does it."""
    backend: Backend = hotline.app.state.backend

    async def run(uow: UnitOfWork) -> int:
        marked = await mark_overdue_tickets(uow, uow.now, rules)
        return marked + await close_unrated_tickets(uow, uow.now, rules)

    return await backend.transactions.run(run)


@pytest.fixture(autouse=True)
def present(still_hotline: ServiceUnderTest) -> None:
    """Each test begins in the present."""
    still_hotline.clock.set(datetime.now(UTC))


async def test_what_is_overdue_is_announced_once_each(
    still_hotline: ServiceUnderTest, rules: DeskRules
) -> None:
    hotline = still_hotline
    ticket = await submit(hotline)
    number = ticket["number"]

    hotline.clock.set(datetime.fromisoformat(ticket["first_contact_due_at"]) - timedelta(minutes=1))
    await sweep(hotline, rules)
    assert await hotline.events(OVERDUE, number) == []
    hotline.clock.set(datetime.fromisoformat(ticket["first_contact_due_at"]) + timedelta(seconds=1))
    await asyncio.gather(*(sweep(hotline, rules) for _ in range(4)))
    await sweep(hotline, rules)
    hotline.clock.advance(timedelta(days=60))
    await asyncio.gather(*(sweep(hotline, rules) for _ in range(4)))
    assert await sweep(hotline, rules) == 0

    announced = await hotline.events(OVERDUE, number)
    assert [e["data"] for e in announced] == [
        {
            "ticket_number": number,
            "agency_uscc": HOUSING,
            "what": what,
            "due_at": ticket[f"{what}_due_at"],
            "applicant": "person-owner",
        }
        for what in ("first_contact", "reply")
    ]
    seen = (await hotline.get(f"{TICKETS}/{number}", DESK)).json()
    assert (seen["is_supervised"], seen["state"]) == (True, "dispatched")


async def test_both_deadlines_missed_while_nobody_looked_are_both_announced(
    still_hotline: ServiceUnderTest, rules: DeskRules
) -> None:
    number = (await submit(still_hotline))["number"]
    still_hotline.clock.advance(timedelta(days=90))

    await sweep(still_hotline, rules)
    await sweep(still_hotline, rules)

    announced = await still_hotline.events(OVERDUE, number)
    assert [e["data"]["what"] for e in announced] == ["first_contact", "reply"]


async def test_what_nobody_dispatched_falls_to_the_fallback_unit(
    still_hotline: ServiceUnderTest, rules: DeskRules
) -> None:
    number = (await submit(still_hotline, content="请帮忙"))["number"]
    still_hotline.clock.advance(timedelta(days=20))

    await sweep(still_hotline, rules)

    fallen = (await still_hotline.get(f"{TICKETS}/{number}", DESK)).json()
    assert (fallen["state"], fallen["agency_uscc"]) == ("dispatched", CENTRE)
    assert (fallen["category"], fallen["may_be_returned"]) == ("other", False)
    overdue = await still_hotline.events(OVERDUE, number)
    assert overdue[0]["data"]["agency_uscc"] is None


async def test_a_contact_in_time_is_not_overdue(still_hotline: ServiceUnderTest, rules: DeskRules) -> None:
    ticket = await submit(still_hotline)
    await done(still_hotline, ticket["number"], "signature", HOUSING_TOKEN)
    await done(still_hotline, ticket["number"], "contact", HOUSING_TOKEN)
    still_hotline.clock.set(datetime.fromisoformat(ticket["reply_due_at"]) - timedelta(minutes=1))

    await sweep(still_hotline, rules)

    assert await still_hotline.events(OVERDUE, ticket["number"]) == []


async def test_the_unrated_close_after_their_days_without_a_verdict(
    still_hotline: ServiceUnderTest, rules: DeskRules
) -> None:
    hotline = still_hotline
    number = await answered(hotline)
    until = (await hotline.get(f"{TICKETS}/{number}", OWNER)).json()["rate_until"]

    hotline.clock.set(datetime.fromisoformat(until) - timedelta(seconds=5))
    await sweep(hotline, rules)
    assert await hotline.events(CLOSED, number) == []
    hotline.clock.set(datetime.fromisoformat(until) + timedelta(seconds=1))
    await asyncio.gather(*(sweep(hotline, rules) for _ in range(3)))
    await sweep(hotline, rules)

    closed = (await hotline.get(f"{TICKETS}/{number}", OWNER)).json()
    assert (closed["state"], closed["rating"]) == ("closed", None)
    assert len(await hotline.events(CLOSED, number)) == 1


async def test_the_worker_looks_by_itself(hotline: ServiceUnderTest) -> None:
    number = (await submit(hotline))["number"]
    hotline.clock.advance(timedelta(days=90))

    async def announced() -> bool:
        return len(await hotline.events(OVERDUE, number)) == 2

    assert await eventually(announced)
