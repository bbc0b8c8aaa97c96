"""Properties that every life cycle has: random walks over each transition table, from its beginning."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.catalogue.data.domain import correction, need, resource, share_request
from gateway.identity.domain import clients, mandates
from gateway.matters.domain import life_cycles as matters
from gateway.uplink.domain import records as uplink
from services.credit.domain import records
from services.hotline.domain import lifecycle as tickets
from services.hotline.domain.ticket import TicketState
from services.licensing.domain import application, component
from services.registration.domain import (
    court_ruling,
    exit_notice,
    false_registration,
    filing,
    forced_exit,
    hand_over,
    liquidation,
)


@dataclass(frozen=True)
class LifeCycle:
    """A table with its beginning and with the states from which nothing may lead on."""

    table: Mapping[tuple[Any, Any], Any]
    begins: StrEnum
    ends: frozenset[Any]

    @property
    def states(self) -> frozenset[Any]:
        """All states that the code names, not only those in the table."""
        return frozenset(type(self.begins))

    def walk(self, actions: list[Any]) -> list[Any]:
        """States passed; an action that the table does not know here leaves the state as it is."""
        passed: list[Any] = [self.begins]
        for action in actions:
            passed.append(self.table.get((passed[-1], action), passed[-1]))
        return passed


LIFE_CYCLES = {
    "filing": LifeCycle(
        filing.TRANSITIONS,
        filing.FilingStatus.DRAFT,
        frozenset({filing.FilingStatus.APPROVED, filing.FilingStatus.WITHDRAWN}),
    ),
    "hand-over": LifeCycle(
        hand_over.TRANSITIONS,
        hand_over.HandOverStatus.REQUESTED,
        frozenset(hand_over.HandOverStatus)
        - {hand_over.HandOverStatus.REQUESTED, hand_over.HandOverStatus.HANDED_OVER},
    ),
    "forced deregistration": LifeCycle(
        forced_exit.TRANSITIONS,
        forced_exit.ForcedExitState.DUE,
        frozenset({forced_exit.ForcedExitState.TERMINATED, forced_exit.ForcedExitState.RESTORED}),
    ),
    "false registration": LifeCycle(
        false_registration.TRANSITIONS,
        false_registration.CaseStatus.SUBMITTED,
        frozenset(false_registration.CaseStatus)
        - false_registration.OPEN
        - {false_registration.CaseStatus.REVOKED},
    ),
    "proceedings of courts": LifeCycle(
        court_ruling.TRANSITIONS,
        court_ruling.Proceedings.NONE,
        frozenset({court_ruling.Proceedings.ENDED}),
    ),
    "exit notice": LifeCycle(
        exit_notice.TRANSITIONS,
        exit_notice.NoticeState.PUBLISHED,
        frozenset(exit_notice.NoticeState) - exit_notice.RUNNING,
    ),
    "liquidation": LifeCycle(
        liquidation.TRANSITIONS,
        liquidation.LiquidationState.OPEN,
        frozenset(liquidation.LiquidationState) - liquidation.UNFINISHED,
    ),
    "ticket": LifeCycle(tickets.TRANSITIONS, TicketState.RECEIVED, frozenset({TicketState.CLOSED})),
    "application": LifeCycle(
        application.TRANSITIONS,
        application.ApplicationStatus.UNDER_REVIEW,
        frozenset({application.ApplicationStatus.APPROVED, application.ApplicationStatus.REFUSED}),
    ),
    "component": LifeCycle(
        component.TRANSITIONS,
        component.ComponentStatus.UNDER_REVIEW,
        frozenset(component.ComponentStatus) - component.OPEN,
    ),
    "credit record": LifeCycle(
        records.TRANSITIONS, records.RecordStatus.IN_FORCE, frozenset({records.RecordStatus.ENDED})
    ),
    "mandate": LifeCycle(
        mandates.TRANSITIONS,
        mandates.MandateState.OFFERED,
        frozenset(
            {
                mandates.MandateState.DECLINED,
                mandates.MandateState.WITHDRAWN,
                mandates.MandateState.EXPIRED,
            }
        ),
    ),
    "client": LifeCycle(clients.TRANSITIONS, clients.Standing.ACTIVE, frozenset({clients.Standing.CLOSED})),
    "catalogue entry": LifeCycle(
        resource.TRANSITIONS, resource.EntryStatus.DRAFT, frozenset({resource.EntryStatus.PUBLISHED})
    ),
    "sharing request": LifeCycle(
        share_request.TRANSITIONS,
        share_request.RequestStatus.SUBMITTED,
        frozenset(
            {
                share_request.RequestStatus.PROVIDED,
                share_request.RequestStatus.UPHELD,
                share_request.RequestStatus.WITHDRAWN,
            }
        ),
    ),
    "data need": LifeCycle(
        need.TRANSITIONS,
        need.NeedStatus.SUBMITTED,
        frozenset({need.NeedStatus.DECLINED, need.NeedStatus.FULFILLED}),
    ),
    "correction": LifeCycle(
        correction.TRANSITIONS,
        correction.CorrectionStatus.OPEN,
        frozenset(correction.CorrectionStatus) - {correction.CorrectionStatus.OPEN},
    ),
    "matter": LifeCycle(
        matters.MATTER_TRANSITIONS,
        matters.MatterState.IN_PROGRESS,
        frozenset(matters.MatterState) - {state for state, _ in matters.MATTER_TRANSITIONS},
    ),
    "matter step": LifeCycle(
        matters.STEP_TRANSITIONS,
        matters.StepState.WAITING,
        frozenset({matters.StepState.COMPLETED, matters.StepState.WAIVED, matters.StepState.WITHDRAWN}),
    ),
    "outbound record": LifeCycle(
        uplink.TRANSITIONS, uplink.RecordState.PENDING, frozenset({uplink.RecordState.SENT})
    ),
    "task": LifeCycle(
        matters.TASK_TRANSITIONS,
        matters.TaskState.WAITING,
        frozenset(
            {
                matters.TaskState.COMPLETED,
                matters.TaskState.WAIVED,
                matters.TaskState.CANCELLED,
                matters.TaskState.NOT_CONCERNED,
            }
        ),
    ),
}
EACH = pytest.mark.parametrize("cycle", LIFE_CYCLES.values(), ids=LIFE_CYCLES)


@EACH
@given(choices=st.lists(st.integers(min_value=0, max_value=10_000), max_size=40))
def test_a_walk_never_leaves_the_table_nor_an_end(cycle: LifeCycle, choices: list[int]) -> None:
    actions = sorted({action for _, action in cycle.table})

    passed = cycle.walk([actions[choice % len(actions)] for choice in choices])

    for before, after in pairwise(passed):
        assert after in cycle.states
        assert before not in cycle.ends or after is before
    assert passed[-1] in cycle.ends or any(state is passed[-1] for state, _ in cycle.table)


@EACH
def test_every_state_can_be_reached_and_every_open_one_can_end(cycle: LifeCycle) -> None:
    def reached_from(start: Any) -> set[Any]:
        found, open_states = {start}, [start]
        while open_states:
            here = open_states.pop()
            onwards = {target for (state, _), target in cycle.table.items() if state is here} - found
            found |= onwards
            open_states += onwards
        return found

    assert reached_from(cycle.begins) == cycle.states
    for state in cycle.states - cycle.ends:
        assert reached_from(state) & cycle.ends, f"{state} can never end"
