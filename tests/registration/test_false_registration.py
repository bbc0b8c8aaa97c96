"""False registrations (虚假登记): applied for, looked into, published, revoked, set aside; each limit at its edge."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.registration.api.authority_region import authority_policy
from services.registration.domain.authority_errors import CaseMoveNotAllowed
from services.registration.domain.false_registration import (
    OPEN,
    TRANSITIONS,
    CaseMove,
    CaseStatus,
    FalseRegistration,
    advance,
)
from services.registration.use_cases.watch_false_registrations import (
    end_publications,
    renew_provisional_cases,
    tell_overdue_cases,
)
from shared.calendar import ClockState, DeadlineLedger
from shared.identifiers import new_uuid7
from tests.registration.authorities import (
    BECAUSE,
    CASES,
    DOCUMENTED,
    ENTERPRISE,
    FACTS,
    act,
    bars_on,
    begun,
    decision,
    enterprise_of,
    reported,
    restore,
    shown,
)
from tests.registration.builders import ANN, BOB, FILINGS, OTHER_OFFICER, id_number
from tests.registration.changing import altered
from tests.registration.leaving import CREDITOR, PACK, sweep
from tests.registration.test_suspension import suspension
from tests.support.clock import SettableClock
from tests.support.service import ServiceUnderTest

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
POLICY = authority_policy(PACK).false_registration
TOLD = "cn.tongban.registration.false_registration."
EXTENSION = BECAUSE | {"legal_basis": "《市场主体登记管理条例实施细则》第五十三条"}


async def revoke(registration: ServiceUnderTest, case: str, *serials: int) -> dict[str, Any]:
    """The registrar revokes it, and bars those responsible."""
    numbers = [id_number(serial) for serial in serials]
    return await act(registration, case, "revocation", **decision(registration.clock()), responsible=numbers)


def test_every_move_of_a_case_is_in_its_table_and_its_clock_stops_with_the_decision() -> None:
    for status in CaseStatus:
        for move in CaseMove:
            case = a_case(status)
            if (status, move) not in TRANSITIONS:
                with pytest.raises(CaseMoveNotAllowed):
                    advance(case, move, MONDAY, POLICY)
                continue
            moved = advance(case, move, MONDAY, POLICY)
            assert moved.status is TRANSITIONS[status, move]
            assert (moved.clock.state is ClockState.STOPPED) is (moved.status not in OPEN)


async def test_whose_name_was_used_applies_and_the_registration_falls_with_all_that_rests_on_it(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 401)

    made = (await reported(registration, uscc)).json()
    twice = await reported(registration, uscc)
    hidden = await registration.get(f"{CASES}/{made['id']}", ANN)
    own = (await registration.get(f"{CASES}/own", BOB)).json()["entries"]
    foreign = await act(registration, made["id"], "acceptance", OTHER_OFFICER)
    accepted = await act(registration, made["id"], "acceptance")
    revoked = await revoke(registration, made["id"], 401)

    assert (made["status"], made["statement"]) == ("submitted", "本人身份被冒用")
    assert made["due_at"].startswith("2026-03-05")
    assert twice.json()["type"] == "/problems/false-registration-running"
    assert (hidden.status_code, foreign["http"]) == (404, 403)
    assert [case["id"] for case in own] == [made["id"]]
    assert (accepted["status"], accepted["due_at"][:10]) == ("investigating", "2026-06-02")
    assert (revoked["http"], revoked["status"], revoked["due_at"]) == (200, "revoked", None), revoked
    assert (await shown(registration, uscc))["state"] == "annulled"
    told = (await registration.event(f"{ENTERPRISE}registration_revoked.v1", uscc))["data"]
    assert told["state"] == "annulled"
    [public] = (await registration.get(CASES, uscc=uscc)).json()["entries"]
    assert (public["status"], public["statement"]) == ("revoked", None)
    [bar] = await bars_on(registration, 401)
    assert (bar["kind"], bar["until"]) == ("false_registration", date(2029, 3, 2))


async def test_of_one_false_change_only_what_it_changed_goes_back_and_comes_again_when_set_aside(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 402)
    before = await shown(registration, uscc)
    await altered(registration, uscc, domicile_text="永济市假地址1号", registered_capital_fen=99_000_000)
    await altered(registration, uscc, industry_code="H6220")
    case = await begun(registration, uscc, 2)

    revoked = await revoke(registration, case)
    during = await shown(registration, uscc)
    aside = await act(registration, case, "setting-aside", **DOCUMENTED)
    after = await shown(registration, uscc)

    assert (revoked["http"], aside["http"]) == (200, 200), (revoked, aside)
    assert (during["domicile"], during["registered_capital_fen"], during["industry_code"]) == (
        before["domicile"],
        before["registered_capital_fen"],
        "H6220",
    )
    assert (during["state"], aside["status"]) == ("active", "set_aside")
    assert (after["domicile"]["text"], after["registered_capital_fen"]) == ("永济市假地址1号", 99_000_000)
    for what in ("registration_revoked", "restored"):
        assert len(await registration.events(f"{ENTERPRISE}{what}.v1", uscc)) == 1


async def test_what_a_later_registration_changed_again_is_dealt_with_first(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 403)
    await altered(registration, uscc, domicile_text="永济市假地址1号")
    await altered(registration, uscc, domicile_text="永济市真地址2号")

    early = await revoke(registration, await begun(registration, uscc, 2))
    later = await revoke(registration, await begun(registration, uscc, 3))
    [case] = await registration.rows(
        "SELECT id::text FROM false_registration WHERE uscc = :u AND target_version = 2", u=uscc
    )
    then = await revoke(registration, case["id"])

    assert (early["http"], early["type"]) == (409, "/problems/later-change-stands")
    assert early["register_version"] == 3
    assert (later["http"], then["http"]) == (200, 200)


async def test_a_revocation_that_is_set_aside_restores_the_enterprise_and_lifts_the_bars(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 404)
    name = (await shown(registration, uscc))["name"]
    case = await begun(registration, uscc)
    await revoke(registration, case, 404)

    early = await act(registration, case, "keeping", **BECAUSE)
    past_the_case = await restore(registration, uscc)
    aside = await act(registration, case, "setting-aside", **DOCUMENTED)

    found = await shown(registration, uscc)
    assert (past_the_case.status_code, past_the_case.json()["type"]) == (409, "/problems/revocation-stands")
    assert (early["http"], aside["status"]) == (409, "set_aside")
    assert (found["state"], found["name"]) == ("active", name)
    [bar] = await bars_on(registration, 404)
    assert bar["lifted_at"] is not None


async def test_while_facts_are_published_nothing_is_registered_until_somebody_objects(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 405)
    case = await begun(registration, uscc)
    asked = suspension(uscc, "2026-03-02", "2026-04-01")

    published = await act(registration, case, "publication", **FACTS)
    frozen = await registration.post(FILINGS, asked, ANN)
    early = await revoke(registration, case)
    objected = await act(registration, case, "objection", CREDITOR, reason="登记属实")
    free = await registration.post(FILINGS, asked, ANN)
    kept = await act(registration, case, "keeping", **BECAUSE)

    assert (published["status"], published["facts_zh"]) == ("published", "住所无法联系")
    assert (frozen.status_code, frozen.json()["type"]) == (409, "/problems/changes-frozen")
    assert (early["http"], objected["status"]) == (409, "investigating")
    assert free.status_code == 201, free.text
    assert kept["status"] == "kept"


async def test_facts_are_published_for_forty_five_days_and_then_it_may_be_revoked_unopposed(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 406)
    case = await begun(registration, uscc)
    published = await act(registration, case, "publication", **FACTS)
    last = datetime.fromisoformat(f"{published['ends_on']}T15:59:00+00:00")
    look = partial(end_publications, desk=registration.app.state.desk)

    clock.set(last)
    await sweep(registration, look)
    still = (await registration.get(f"{CASES}/{case}")).json()
    clock.set(last + timedelta(minutes=2))
    await asyncio.gather(sweep(registration, look), sweep(registration, look))
    late = await act(registration, case, "objection", CREDITOR, reason="登记属实")
    revoked = await revoke(registration, case)

    assert date.fromisoformat(published["ends_on"]) >= date(2026, 4, 16)
    assert (still["status"], late["http"], revoked["status"]) == ("published", 409, "revoked")
    assert len(await registration.events(f"{TOLD}elapsed.v1", uscc)) == 1


async def test_the_investigation_is_extended_once_and_its_delay_is_told_once(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 407)
    case = await begun(registration, uscc)
    look = partial(tell_overdue_cases, desk=registration.app.state.desk)

    extended = await act(registration, case, "extension", **EXTENSION)
    again = await act(registration, case, "extension", **EXTENSION)
    clock.set(datetime.fromisoformat(extended["due_at"]) - timedelta(seconds=1))
    await sweep(registration, look)
    in_time = await registration.events(f"{TOLD}overdue.v1", uscc)
    clock.set(datetime.fromisoformat(extended["due_at"]) + timedelta(days=9))
    await asyncio.gather(sweep(registration, look), sweep(registration, look))
    await sweep(registration, look)

    assert extended["due_at"][:10] == "2026-09-02"
    assert (again["http"], in_time) == (409, [])
    assert len(await registration.events(f"{TOLD}overdue.v1", uscc)) == 1


async def test_provisional_days_of_a_case_are_counted_anew(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 408)
    case = await begun(registration, uscc)
    published = await act(registration, case, "publication", **FACTS)
    wrong = """UPDATE false_registration SET is_provisional = true, ends_on = '2026-04-30',
        document = document || '{"ends_on": "2026-04-30", "is_provisional": true}' WHERE uscc = :u"""
    await registration.rows_changed(wrong, u=uscc)

    await sweep(registration, partial(renew_provisional_cases, desk=registration.app.state.desk))

    found = (await registration.get(f"{CASES}/{case}")).json()
    assert (found["ends_on"], found["due_is_provisional"]) == (published["ends_on"], False)


async def test_who_applied_may_withdraw_and_the_registrar_may_not_take_it_up(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 409)
    first = (await reported(registration, uscc)).json()["id"]

    foreign = await act(registration, first, "withdrawal", ANN)
    withdrawn = await act(registration, first, "withdrawal", BOB)
    second = (await reported(registration, uscc)).json()["id"]
    rejected = await act(registration, second, "rejection", **BECAUSE)

    assert (foreign["http"], withdrawn["status"], rejected["status"]) == (404, "withdrawn", "rejected")


@pytest.mark.parametrize(("version", "problem"), [(2, "version-not-revocable"), (9, "version-not-revocable")])
async def test_only_a_version_whose_content_can_go_back_is_revoked(
    registration: ServiceUnderTest, clock: SettableClock, version: int, problem: str
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 410 + version)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-04-01"), ANN)

    answer = await reported(registration, uscc, version)

    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{problem}")


def a_case(status: CaseStatus) -> FalseRegistration:
    clock = DeadlineLedger.started(POLICY.investigation, MONDAY - timedelta(days=1))
    return FalseRegistration(
        id=new_uuid7(),
        uscc="91140881MAE000002E",
        name="永济市示例有限公司",
        division_code="140881001",
        target_version=1,
        applicant="bob",
        statement="本人身份被冒用",
        status=status,
        version=1,
        submitted_at=MONDAY,
        clock=clock if status in OPEN else clock.stop(MONDAY),
    )
