"""The engine without a database: who waits for whom, what a refusal stops, what a clock sets off."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.matters.domain.alarms import OVERDUE, WARNED, AlarmRules, EscalationRule, due_alarms, next_alarm
from gateway.matters.domain.beginning import note_payment
from gateway.matters.domain.choices import (
    Choice,
    PartNotOptional,
    choices_of,
    go_on_without,
    try_again,
    withdraw,
)
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    Acceptance,
    Case,
    Finding,
    Matter,
    MatterId,
    Refusal,
    Step,
    StepKind,
    Task,
    TaskId,
    ThemeSubject,
    Title,
    Verb,
)
from gateway.matters.domain.outcomes import NoAnswer, Reopened, TurnedDown
from gateway.matters.domain.progress import LONGEST_DELAY, note_changes, open_case, take_outcome
from gateway.matters.domain.register_facts import FactChange
from gateway.matters.domain.tasks import complete, refuse, take
from shared.calendar import DeadlineLedger, Limit, LimitUnit, WorkingCalendar
from shared.identifiers import new_uuid7
from shared.identifiers.channel import Channel
from shared.region import BrokenRegionPack, load_region_pack
from tests.shared.region.conftest import YONGJI

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, 09:00 in China
TWO_DAYS = Limit(Decimal(2), LimitUnit.WORKING_DAY)
CALENDAR = WorkingCalendar.national()
RULES = AlarmRules(
    80,
    (
        EscalationRule("lead_agency", "L", Limit(Decimal("0.5"), LimitUnit.WORKING_DAY)),
        EscalationRule("supervisor", "S", Limit(Decimal(2), LimitUnit.WORKING_DAY)),
    ),
)
NO = Refusal("不符合条件", "（示例）某办法第八条")


def _case(**after: tuple[str, ...]) -> Case:
    matter = Matter(
        id=MatterId(new_uuid7()),
        theme="t",
        title=Title("", ""),
        applicant="ann",
        channel=Channel.PORTAL,
        state=MatterState.IN_PROGRESS,
        form={},
        commitments=(),
        limit=TWO_DAYS,
        clock=DeadlineLedger.started(TWO_DAYS, NOW),
        calendar=CALENDAR,
        opened_at=NOW,
        due_at=None,
        case_no="YJS",
        subject=ThemeSubject.ENTERPRISE,
        lead_agency_uscc="L",
        alarms=RULES,
        uscc="91",
    )
    tasks = tuple(
        Task(TaskId(new_uuid7()), key, Title("", ""), "A", TWO_DAYS, waits, TaskState.WAITING, (), 0, ())
        for key, waits in after.items()
    )
    return Case(matter, (), tasks)


def _sent(**changes: Any) -> Case:
    """A matter of which one step is with its service."""
    step = Step("filing", StepKind.FILING, Title("", ""), "R", TWO_DAYS, (), StepState.READY, {}, ())
    return replace(_case(seal=("filing",)), steps=(replace(step, **changes),))


def _with(case: Case, key: str, **changes: Any) -> Case:
    return replace(case, tasks=tuple(replace(t, **changes) if t.key == key else t for t in case.tasks))


def _done(case: Case, key: str) -> Case:
    task = next(task for task in case.tasks if task.key == key)
    taken, _ = take(case, task.id, "officer", NOW)
    return complete(taken, task.id, {}, NOW)[0]


def _refused(case: Case, key: str) -> Case:
    task = next(task for task in case.tasks if task.key == key)
    taken, _ = take(case, task.id, "officer", NOW)
    return refuse(taken, task.id, NO, NOW)[0]


def _states(case: Case) -> dict[str, str]:
    return {task.key: task.state.value for task in case.tasks}


def test_parts_run_in_parallel_as_soon_as_all_that_they_wait_for_is_done() -> None:
    case, _ = open_case(_case(a=(), b=(), c=("a", "b"), d=("c",)), NOW)

    first = _done(case, "a")
    second = _done(first, "b")

    assert _states(case) == {"a": "assigned", "b": "assigned", "c": "waiting", "d": "waiting"}
    assert _states(first)["c"] == "waiting"
    assert _states(second) == {"a": "completed", "b": "completed", "c": "assigned", "d": "waiting"}
    assert _done(_done(second, "c"), "d").matter.state is MatterState.COMPLETED


def test_a_refusal_stops_its_part_alone_and_then_the_applicant_chooses() -> None:
    case, _ = open_case(_case(a=(), b=(), c=("a",)), NOW)

    refused = _refused(case, "a")
    rest_done = _done(refused, "b")

    assert (refused.matter.state, _states(refused)) == (
        MatterState.IN_PROGRESS,
        {"a": "refused", "b": "assigned", "c": "waiting"},
    )
    assert rest_done.matter.state is MatterState.AWAITING_CHOICE
    assert rest_done.matter.due_at is None
    assert choices_of(rest_done.tasks[0]) == (Choice.TRY_AGAIN, Choice.WITHDRAW_REST)
    with pytest.raises(PartNotOptional):
        go_on_without(rest_done, "a", NOW)


def test_without_an_optional_part_the_rest_goes_on_and_the_matter_is_partly_complete() -> None:
    case, _ = open_case(_with(_case(a=(), c=("a",)), "a", is_optional=True), NOW)

    waived, happened = go_on_without(_refused(case, "a"), "a", NOW)
    ended = _done(waived, "c")

    assert _states(waived) == {"a": "waived", "c": "assigned"}
    assert happened[0].verb is Verb.CHOSEN
    assert ended.matter.state is MatterState.PARTLY_COMPLETED


def test_a_refused_part_is_tried_again_with_a_clock_of_its_own() -> None:
    case, _ = open_case(_case(a=()), NOW)
    later = NOW + timedelta(days=7)

    again, happened = try_again(_refused(case, "a"), "a", form={}, commitments=(), requests={}, now=later)

    [task] = again.tasks
    assert (task.state, task.refusal, again.matter.state) == (
        TaskState.ASSIGNED,
        None,
        MatterState.IN_PROGRESS,
    )
    assert task.clock is not None
    assert task.clock.entries[0].at == later
    assert [each.verb for each in happened] == [Verb.CHOSEN, Verb.TASK_ASSIGNED]


def test_what_was_granted_stays_when_the_rest_is_withdrawn() -> None:
    case, _ = open_case(_case(a=(), b=(), c=("b",)), NOW)

    nothing, _ = withdraw(case, NOW)
    some, happened = withdraw(_done(case, "a"), NOW)

    assert nothing.matter.state is MatterState.WITHDRAWN
    assert some.matter.state is MatterState.PARTLY_COMPLETED
    assert _states(some) == {"a": "completed", "b": "cancelled", "c": "cancelled"}
    assert [each.verb for each in happened].count(Verb.TASK_CANCELLED) == 2


def test_a_part_with_a_fee_waits_until_it_is_paid_and_only_then_its_clock_runs() -> None:
    case, happened = open_case(_with(_case(a=(), b=("a",)), "a", fee_fen=500), NOW)
    paid_at = NOW + timedelta(days=3)

    paid, _ = note_payment(case, "a", paid_at)
    twice, nothing = note_payment(paid, "a", paid_at)

    assert _states(case) == {"a": "awaiting_payment", "b": "waiting"}
    assert [each.verb for each in happened] == [Verb.OPENED, Verb.PAYMENT_ASKED]
    assert case.tasks[0].clock is None
    assert paid.tasks[0].clock is not None
    assert paid.tasks[0].clock.entries[0].at == paid_at
    assert (twice, nothing) == (paid, ())


@given(
    parts=st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=7),
    order=st.randoms(use_true_random=False),
)
def test_whatever_waits_for_whatever_in_whatever_order_all_is_done_in_the_end(
    parts: list[set[int]], order: Any
) -> None:
    graph = {f"p{n}": tuple(f"p{m}" for m in waits if m < n) for n, waits in enumerate(parts)}
    case, _ = open_case(_case(**graph), NOW)

    for _ in graph:
        ready = [task.key for task in case.tasks if task.state is TaskState.ASSIGNED]
        done = {task.key for task in case.tasks if task.state is TaskState.COMPLETED}
        assert set(ready) == {key for key, waits in graph.items() if key not in done and set(waits) <= done}
        case = _done(case, order.choice(ready))

    assert case.matter.state is MatterState.COMPLETED


def test_a_change_reaches_only_the_departments_that_it_concerns_and_spares_the_others() -> None:
    case = _case(tax=("enterprise.changed",), seal=("enterprise.changed",), bank=("seal",))
    case = _with(case, "tax", told_of=("domicile_text", "name"))
    case = _with(case, "seal", told_of=("name",))
    waiting, _ = open_case(case, NOW)
    moved = (FactChange("domicile_text", "城西街道1号", "城东街道2号"),)

    told, happened = note_changes(waiting, moved, NOW)
    again, nothing = note_changes(told, (FactChange("name", "甲", "乙"),), NOW)

    states = {task.key: task.state for task in told.tasks}
    assert {task.state for task in waiting.tasks} == {TaskState.WAITING}
    assert states == {
        "tax": TaskState.ASSIGNED,
        "seal": TaskState.NOT_CONCERNED,
        "bank": TaskState.ASSIGNED,  # what waited for who is spared waits no longer
    }
    assert [each.verb for each in happened].count(Verb.TASK_SPARED) == 1
    assert (again, nothing) == (told, ())
    assert _done(_done(told, "tax"), "bank").matter.state is MatterState.COMPLETED


def test_the_department_that_was_last_puts_the_results_together() -> None:
    case = _case(a=(), b=(), consolidation=("a", "b"))
    case = _with(_with(case, "a", agency_uscc="A"), "b", agency_uscc="B")
    case, _ = open_case(case, NOW)

    for last, order in (("A", ("b", "a")), ("B", ("a", "b"))):
        gathered = case
        for minute, key in enumerate(order):
            task = next(each for each in gathered.tasks if each.key == key)
            gathered, _ = take(gathered, task.id, "officer", NOW)
            gathered, _ = complete(gathered, task.id, {}, NOW + timedelta(minutes=minute))
        final = gathered.tasks[-1]
        assert (final.state, final.agency_uscc) == (TaskState.ASSIGNED, last)
        assert gathered.matter.state is MatterState.IN_PROGRESS
        checked, _ = take(gathered, final.id, "officer", NOW + timedelta(hours=1))
        handed, _ = complete(checked, final.id, {}, NOW + timedelta(hours=1))
        assert handed.matter.state is MatterState.COMPLETED


@given(tries=st.integers(0, 10**6), asked=st.none() | st.integers(0, 10**30).map(float))
def test_a_service_that_is_away_is_asked_again_however_long_that_lasts(
    tries: int, asked: float | None
) -> None:
    waiting, _ = take_outcome(_sent(tries=tries), "filing", NoAnswer("away", asked), NOW)

    [step] = waiting.steps
    assert step.not_before is not None
    assert NOW < step.not_before <= NOW + LONGEST_DELAY
    assert step.tries == tries + 1


def test_what_was_refused_keeps_its_reference_until_it_is_filed_anew() -> None:
    no = TurnedDown("F1", (Finding("", "r", "", "不予登记", "refused"),))

    refused, _ = take_outcome(_sent(), "filing", no, NOW)
    reopened, happened = take_outcome(refused, "filing", Reopened("F1"), NOW)
    twice = take_outcome(reopened, "filing", Reopened("F1"), NOW)
    anew, _ = try_again(refused, "filing", form={}, commitments=(), requests={}, now=NOW)

    assert (refused.matter.state, refused.steps[0].reference) == (MatterState.AWAITING_CHOICE, "F1")
    assert reopened.matter.state is MatterState.IN_PROGRESS
    assert (reopened.steps[0].state, reopened.steps[0].reference) == (StepState.SUBMITTED, "F1")
    assert (reopened.steps[0].refusal, reopened.steps[0].clock is not None) == ((), True)
    assert [each.verb for each in happened] == [Verb.STEP_SUBMITTED]
    assert twice == (reopened, ())
    assert (anew.steps[0].state, anew.steps[0].reference) == (StepState.READY, None)


def test_a_clock_warns_once_then_is_overdue_once_then_tells_each_superior_once() -> None:
    clock = DeadlineLedger.started(TWO_DAYS, NOW)  # due on Wednesday, 18:00 (10:00 UTC)
    steps = [
        datetime(2026, 11, 25, 9, 59, tzinfo=UTC),
        datetime(2026, 11, 25, 10, 1, tzinfo=UTC),
        datetime(2026, 11, 26, 10, 0, tzinfo=UTC),
        datetime(2026, 11, 27, 10, 1, tzinfo=UTC),
        datetime(2026, 12, 27, 10, 1, tzinfo=UTC),
    ]

    told, heard = 0, []
    for at in steps:
        found = due_alarms(clock, told, RULES, CALENDAR, at)
        told = max((told, *found))
        heard.append(found)

    assert heard == [(WARNED,), (OVERDUE,), (OVERDUE + 1,), (OVERDUE + 2,), ()]
    assert due_alarms(clock, 0, RULES, CALENDAR, steps[1]) == (OVERDUE,)
    assert next_alarm(clock, told, RULES, CALENDAR) is None


def test_a_clock_that_stands_still_sets_off_nothing() -> None:
    clock = DeadlineLedger.started(TWO_DAYS, NOW).pause(NOW + timedelta(hours=1), reason="r")

    assert next_alarm(clock, 0, RULES, CALENDAR) is None
    assert due_alarms(clock, 0, RULES, CALENDAR, NOW + timedelta(days=99)) == ()


@given(
    value=st.integers(1, 200),
    unit=st.sampled_from([u for u in LimitUnit if u is not LimitUnit.IMMEDIATE]),
    minutes=st.integers(0, 60 * 24 * 400),
)
def test_a_warning_never_comes_after_the_due_time(value: int, unit: LimitUnit, minutes: int) -> None:
    limit = Limit(Decimal(min(value, 3) if unit is LimitUnit.YEAR else value), unit)
    clock = DeadlineLedger.started(limit, NOW + timedelta(minutes=minutes))

    warning = next_alarm(clock, 0, RULES, CALENDAR)
    overdue = next_alarm(clock, WARNED, RULES, CALENDAR)

    assert warning is not None
    assert overdue is not None
    assert clock.entries[0].at <= warning <= overdue


@pytest.mark.parametrize(
    ("accepted", "home", "is_handed_over"),
    [
        (None, "140881001", False),
        ("140881", "140881001", False),
        ("140881001", "140881001", False),
        ("140881101", "140881001", True),
        ("140802", "140881001", True),
        ("140881001", "140881", True),
    ],
)
def test_accepted_elsewhere_than_at_home_is_handed_over(
    accepted: str | None, home: str, is_handed_over: bool
) -> None:
    matter = replace(_case(a=()).matter, accepted_at=Acceptance(accepted), division_code=home)

    assert matter.is_handed_over is is_handed_over


@pytest.mark.parametrize(
    ("found", "written", "fault"),
    [
        ("after: [tax_settlement]", "after: [tax_move]", "parts wait for one another in a ring"),
        ("after: [tax_settlement]", "after: [tax_nothing]", "nothing in this matter is called 'tax_nothing'"),
        ("stage: retirement", "stage: youth", "unknown life-cycle stage 'youth'"),
        ("- key: heat\n", "- key: gas\n", "'gas' is defined twice"),
        (
            "    stage: retirement\n",
            "    stage: retirement\n    enterprise_kinds: [individual_business]\n",
            "only such a one",
        ),
    ],
    ids=["ring", "unknown-part", "unknown-stage", "same-key", "kinds-without-filing"],
)
def test_a_theme_that_cannot_run_is_refused_when_the_pack_is_loaded(
    tmp_path: Path, found: str, written: str, fault: str
) -> None:
    pack = Path(shutil.copytree(YONGJI, tmp_path / "yongji"))
    file = pack / "matters.yaml"
    text = file.read_text(encoding="utf-8")
    assert found in text
    file.write_text(text.replace(found, written, 1), encoding="utf-8")

    with pytest.raises(BrokenRegionPack) as refusal:
        load_region_pack(pack)

    assert any(fault in str(each) for each in refusal.value.faults)
