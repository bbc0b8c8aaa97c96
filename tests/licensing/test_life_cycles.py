"""The whole transition tables, and what ends an application."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.licensing.domain import application as applications
from services.licensing.domain import component as components
from services.licensing.domain.application import (
    Application,
    ApplicationAction,
    ApplicationActionNotAllowed,
    ApplicationStatus,
    outcome,
    without_followers_of_refused,
)
from services.licensing.domain.commitment import sign
from services.licensing.domain.component import (
    OPEN,
    SUCCESSFUL,
    Component,
    ComponentAction,
    ComponentActionNotAllowed,
    ComponentStatus,
    PredecessorPending,
)
from services.licensing.domain.permit import shared_valid_to, valid_to
from services.licensing.domain.rules import Wording
from services.licensing.use_cases.rulebook import NeedsInARing, check_order, industry_for
from shared.calendar import DeadlineLedger, Limit, LimitUnit
from shared.region import RegionPack
from tests.licensing.restaurant import HOTEL_ANSWERS

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ID = UUID(int=7)
REASON = Wording("不符", "not as required")


def a_component(
    status: ComponentStatus = ComponentStatus.UNDER_REVIEW, item: str = "a", needs: tuple[str, ...] = ()
) -> Component:
    return Component(
        application_id=ID,
        item=item,
        place=0,
        agency_uscc="11140881MB9Y00083J",
        needs=needs,
        status=status,
        accepted_at=AT,
        ledger=DeadlineLedger.started(Limit(Decimal(10), LimitUnit.WORKING_DAY), AT),
        due_at=AT,
    )


def an_application(status: ApplicationStatus) -> Application:
    return Application(
        id=ID,
        industry_code="x",
        uscc="91140881MA0KXE2X64",
        applicant="p",
        matter_id=None,
        status=status,
        version=1,
        answers={},
        form={},
        pack_version="v",
        notice_version="n",
        submitted_at=AT,
    )


@pytest.mark.parametrize(("status", "action"), list(itertools.product(ComponentStatus, ComponentAction)))
def test_a_component_moves_along_its_table_and_nowhere_else(
    status: ComponentStatus, action: ComponentAction
) -> None:
    target = components.TRANSITIONS.get((status, action))
    if target is None:
        with pytest.raises(ComponentActionNotAllowed):
            components.advance(a_component(status), action)
    else:
        assert components.advance(a_component(status), action).status is target


@pytest.mark.parametrize(("status", "action"), list(itertools.product(ApplicationStatus, ApplicationAction)))
def test_an_application_moves_along_its_table_and_nowhere_else(
    status: ApplicationStatus, action: ApplicationAction
) -> None:
    target = applications.TRANSITIONS.get((status, action))
    if target is None:
        with pytest.raises(ApplicationActionNotAllowed):
            applications.advance(an_application(status), action, AT)
    else:
        moved = applications.advance(an_application(status), action, AT)
        assert (moved.status, moved.version, moved.decided_at) == (target, 2, AT)


def test_nothing_leaves_an_ended_state() -> None:
    ended = set(ComponentStatus) - OPEN

    assert not {status for status, _ in components.TRANSITIONS} & ended


def test_a_grant_on_commitment_needs_a_signed_commitment() -> None:
    signed = sign(REASON, notice_version="n", signed_by="p", at=AT)

    with pytest.raises(ComponentActionNotAllowed):
        components.issue_on_commitment(a_component(), AT, date(2026, 3, 30))
    issued = components.issue_on_commitment(replace(a_component(), commitment=signed), AT, date(2026, 3, 30))

    assert issued.commitment is not None
    assert issued.commitment.issued_at == AT
    assert issued.ledger.state.value == "stopped"


@given(st.lists(st.sampled_from(ComponentStatus), min_size=1, max_size=6))
def test_an_application_ends_when_all_have_decided_and_is_approved_only_by_all(
    statuses: list[ComponentStatus],
) -> None:
    found = outcome([a_component(status, str(place)) for place, status in enumerate(statuses)])

    if any(status in OPEN for status in statuses):
        assert found is None
    elif all(status in SUCCESSFUL for status in statuses):
        assert found is ApplicationAction.APPROVE
    else:
        assert found is ApplicationAction.REFUSE


def test_a_refusal_ends_all_that_follow_from_it_and_nothing_else() -> None:
    chain = (
        a_component(ComponentStatus.REFUSED, "first"),
        a_component(item="third", needs=("second",)),
        a_component(ComponentStatus.AWAITING_CREDIT, "second", ("first",)),
        a_component(item="apart"),
        a_component(ComponentStatus.GRANTED, "done", ("first",)),
    )

    after = without_followers_of_refused(chain, AT)

    assert [c.status for c in after] == [
        ComponentStatus.REFUSED,
        ComponentStatus.DISCONTINUED,
        ComponentStatus.DISCONTINUED,
        ComponentStatus.UNDER_REVIEW,
        ComponentStatus.GRANTED,
    ]


def test_a_refusal_may_come_before_the_predecessor_but_a_grant_may_not() -> None:
    first, second = a_component(item="first"), a_component(item="second", needs=("first",))

    with pytest.raises(PredecessorPending):
        components.grant(second, AT, (first, second))
    assert components.refuse(second, AT, REASON).status is ComponentStatus.REFUSED
    granted = components.grant(first, AT, (first, second))
    assert components.grant(second, AT, (granted, second)).status is ComponentStatus.GRANTED


def test_the_order_of_permits_is_what_the_region_says(pack: RegionPack) -> None:
    asked = industry_for(pack, "hotel", HOTEL_ANSWERS)
    turned = with_needs(pack, fire_check=("special_trade_hotel", "tobacco"), special_trade_hotel=())

    after = industry_for(turned, "hotel", HOTEL_ANSWERS)

    assert {r.item: r.needs for r in asked.required if r.needs} == {"special_trade_hotel": ("fire_check",)}
    assert {r.item: r.needs for r in after.required if r.needs} == {"fire_check": ("special_trade_hotel",)}


def test_permits_that_wait_for_each_other_are_refused_at_the_start(pack: RegionPack) -> None:
    check_order(pack)

    with pytest.raises(NeedsInARing) as refused:
        check_order(with_needs(pack, fire_check=("hygiene",), hygiene=("special_trade_hotel",)))

    assert set(refused.value.items) == {"fire_check", "hygiene", "special_trade_hotel"}


def with_needs(pack: RegionPack, **needs: tuple[str, ...]) -> RegionPack:
    items = [
        item.model_copy(update={"needs": needs[item.key]}) if item.key in needs else item
        for item in pack.permit_items
    ]
    return pack.model_copy(update={"permit_items": tuple(items)})


@pytest.mark.parametrize(
    ("begins", "years", "ends"),
    [
        (date(2026, 3, 2), 5, date(2031, 3, 1)),
        (date(2024, 2, 29), 5, date(2029, 2, 27)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
        (date(2026, 1, 1), None, None),
    ],
)
def test_a_permit_is_valid_for_whole_years(begins: date, years: int | None, ends: date | None) -> None:
    assert valid_to(begins, years) == ends


def test_the_comprehensive_permit_ends_with_the_first_permit_inside_it() -> None:
    assert shared_valid_to([None, date(2031, 3, 1), date(2030, 3, 1)]) == date(2030, 3, 1)
    assert shared_valid_to([None, None]) is None
