"""The whole table of moves, and the deadlines across a holiday and a swapped Saturday."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services import hotline
from services.hotline.domain.access import SYSTEM, Actor, Role
from services.hotline.domain.classification import Classification
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import (
    Deadline,
    LevelTooLate,
    RatingStillOpen,
    Received,
    ReplyMissing,
    ReturnNotAllowed,
    change_level,
    close,
    contact,
    dispatch,
    dispatch_automatically,
    due_at,
    fall_back,
    mark_overdue,
    newly_overdue,
    receive,
    reply,
    return_to_centre,
    sign,
)
from services.hotline.domain.lifecycle import (
    NOTES,
    TRANSITIONS,
    UNANSWERED,
    ActionNotAllowed,
    TicketAction,
    advance,
)
from services.hotline.domain.ticket import (
    Channel,
    Contact,
    Demand,
    Place,
    Requester,
    RequesterType,
    ReturnReason,
    Ticket,
    TicketKind,
    TicketState,
)
from shared.calendar import CHINA
from shared.identifiers import CaseNumber
from tests.hotline.steps import CENTRE, HOUSING, QUESTION

UNIT = Actor(Role.UNIT, "client:housing")
DESK = Actor(Role.CENTRE, "person:desk")


def china(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA).astimezone(UTC)


# Friday before the National Day week of 2025: 28 September (Sunday) and 11 October (Saturday) are worked.
BEFORE_HOLIDAY = china(2025, 9, 26, 10)


def a_ticket(rules: DeskRules, at: datetime = BEFORE_HOLIDAY, confidence: str = "0.909") -> Ticket:
    demand = Demand(
        TicketKind.CONSULT, Channel.APP, QUESTION, RequesterType.PERSON, None, Place(None, None), False
    )
    ticket, _ = receive(
        Received(
            number=CaseNumber("HT-140881-20250106-000001-C"),
            demand=demand,
            requester=Requester("ann", Contact("张三", "13900000001")),
            classification=Classification("drainage_permit", Decimal(confidence)),
            by=Actor(Role.REQUESTER, "person:ann"),
        ),
        at,
        rules,
    )
    return ticket


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("action", TicketAction)
def test_only_the_moves_of_the_table_are_made(
    rules: DeskRules, state: TicketState, action: TicketAction
) -> None:
    ticket = replace(a_ticket(rules), state=state)
    note = state if action in NOTES and state in UNANSWERED else None
    target = TRANSITIONS.get((state, action), note)

    if target is None:
        with pytest.raises(ActionNotAllowed):
            advance(ticket, action, SYSTEM, BEFORE_HOLIDAY)
    else:
        moved, entry = advance(ticket, action, SYSTEM, BEFORE_HOLIDAY)

        assert (moved.state, moved.version) == (target, ticket.version + 1)
        assert (entry.before, entry.after, entry.at) == (state, target, BEFORE_HOLIDAY)


def test_every_state_but_the_first_can_be_reached_and_only_closed_is_an_end() -> None:
    assert set(TRANSITIONS.values()) | {TicketState.RECEIVED} == set(TicketState)
    assert {state for state, _ in TRANSITIONS} == set(TicketState) - {TicketState.CLOSED}


def test_the_readme_draws_the_table() -> None:
    readme = (Path(hotline.__file__).parent / "README.md").read_text("utf-8")

    drawn = [line.strip() for line in readme.splitlines() if " --> " in line and "[*]" not in line]

    assert drawn == [f"{before} --> {after}: {action}" for (before, action), after in TRANSITIONS.items()]


@pytest.mark.parametrize(
    ("received", "level", "contact_due", "reply_due"),
    [
        # One working day later is the worked Sunday; five later the Thursday after the holiday.
        (china(2025, 9, 26, 10), "general", china(2025, 9, 28, 18), china(2025, 10, 10, 18)),
        # The worked Saturday 11 October counts, the Sunday after it does not.
        (china(2025, 10, 10, 23, 59), "general", china(2025, 10, 11, 18), china(2025, 10, 16, 18)),
        # Asked on a holiday: day 0 is the day of the request all the same.
        (china(2025, 10, 5, 3), "general", china(2025, 10, 9, 18), china(2025, 10, 14, 18)),
        (china(2025, 10, 10, 10), "difficult", china(2025, 10, 11, 18), china(2025, 10, 30, 18)),
        # Urgent runs by the clock, day and night.
        (china(2025, 10, 1, 23, 30), "urgent", china(2025, 10, 2, 0, 30), china(2025, 10, 2, 1, 30)),
    ],
)
def test_deadlines_follow_the_calendar(
    rules: DeskRules, received: datetime, level: str, contact_due: datetime, reply_due: datetime
) -> None:
    ticket, _ = dispatch(a_ticket(rules, received), HOUSING, SYSTEM, received)
    if level != rules.default_level:
        ticket, _ = change_level(ticket, level, DESK, received, rules)

    assert due_at(ticket, Deadline.FIRST_CONTACT, rules) == contact_due
    assert due_at(ticket, Deadline.REPLY, rules) == reply_due


def test_a_deadline_is_missed_only_after_its_last_moment(rules: DeskRules) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    due = due_at(ticket, Deadline.FIRST_CONTACT, rules)

    assert newly_overdue(ticket, due, rules) == ()
    assert newly_overdue(ticket, due + timedelta(microseconds=1), rules) == (Deadline.FIRST_CONTACT,)


@pytest.mark.parametrize(
    ("late_by", "is_on_time"), [(timedelta(0), True), (timedelta(microseconds=1), False)]
)
def test_a_reply_is_on_time_to_the_last_moment(
    rules: DeskRules, late_by: timedelta, is_on_time: bool
) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    ticket, _ = sign(ticket, UNIT, BEFORE_HOLIDAY)
    ticket, _ = contact(ticket, UNIT, BEFORE_HOLIDAY)

    replied, _ = reply(ticket, "答复", UNIT, due_at(ticket, Deadline.REPLY, rules) + late_by, rules)

    assert replied.is_reply_on_time is is_on_time


@pytest.mark.parametrize(("confidence", "is_sent"), [("0.600", True), ("0.599", False), ("0.000", False)])
def test_only_what_is_sure_enough_is_dispatched_automatically(
    rules: DeskRules, confidence: str, is_sent: bool
) -> None:
    dispatched = dispatch_automatically(a_ticket(rules, confidence=confidence), BEFORE_HOLIDAY, rules)

    assert (dispatched is not None) is is_sent
    if dispatched is not None:
        assert dispatched[0].agency_uscc == HOUSING


def test_an_announced_deadline_is_not_announced_again(rules: DeskRules) -> None:
    late = due_at(a_ticket(rules), Deadline.REPLY, rules) + timedelta(seconds=1)
    ticket = a_ticket(rules)

    for what in newly_overdue(ticket, late, rules):
        ticket, _ = mark_overdue(ticket, what, late)

    assert ticket.is_supervised
    assert newly_overdue(ticket, late + timedelta(days=30), rules) == ()


def test_the_unit_named_after_a_return_keeps_the_ticket(rules: DeskRules) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    ticket, entry = return_to_centre(
        ticket, ReturnReason.NOT_OUR_DUTY, "非本单位职责", UNIT, BEFORE_HOLIDAY, rules
    )
    assert (ticket.agency_uscc, entry.agency_uscc) == (CENTRE, HOUSING)

    named, _ = dispatch(ticket, HOUSING, DESK, BEFORE_HOLIDAY)
    kept, _ = sign(ticket, DESK, BEFORE_HOLIDAY)

    for held in (named, kept):
        with pytest.raises(ReturnNotAllowed):
            return_to_centre(held, ReturnReason.NOT_OUR_AREA, "再退", UNIT, BEFORE_HOLIDAY, rules)


def test_what_fell_back_is_not_returned(rules: DeskRules) -> None:
    ticket, _ = fall_back(a_ticket(rules), BEFORE_HOLIDAY, rules)

    assert ticket.agency_uscc == CENTRE
    with pytest.raises(ReturnNotAllowed):
        return_to_centre(ticket, ReturnReason.NOT_OUR_DUTY, "退", UNIT, BEFORE_HOLIDAY, rules)


def test_a_level_changed_after_the_deadline_does_not_make_it_good(rules: DeskRules) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    late = due_at(ticket, Deadline.REPLY, rules) + timedelta(microseconds=1)

    with pytest.raises(LevelTooLate):
        change_level(ticket, "difficult", DESK, late, rules)


def test_the_silent_keep_their_three_days(rules: DeskRules) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    with pytest.raises(ReplyMissing):
        close(ticket, DESK, BEFORE_HOLIDAY)
    ticket, _ = sign(ticket, UNIT, BEFORE_HOLIDAY)
    ticket, _ = contact(ticket, UNIT, BEFORE_HOLIDAY)
    ticket, _ = reply(ticket, "答复", UNIT, BEFORE_HOLIDAY, rules)
    # Friday 26 September and three calendar days: Monday the 29th, at close of office.
    end = china(2025, 9, 29, 18)

    with pytest.raises(RatingStillOpen):
        close(ticket, DESK, end - timedelta(microseconds=1))
    closed, _ = close(ticket, DESK, end)

    assert closed.rating is None
    assert closed.times.closed_at == end


def test_another_machines_clock_a_little_behind_does_no_harm(rules: DeskRules) -> None:
    ticket, _ = dispatch(a_ticket(rules), HOUSING, SYSTEM, BEFORE_HOLIDAY)
    behind = BEFORE_HOLIDAY - timedelta(milliseconds=5)

    ticket, _ = sign(ticket, UNIT, behind)
    ticket, _ = contact(ticket, UNIT, behind)
    ticket, _ = reply(ticket, "答复", UNIT, behind, rules)

    assert ticket.is_reply_on_time
