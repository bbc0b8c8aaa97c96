"""Revoked licences and closing orders (吊销、责令关闭): business ends, the responsible are barred, it can be undone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registration.domain.closure import CLOSES_FROM
from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.names import name_key
from services.registration.domain.register_acts import RegisterAct
from tests.registration import reporting
from tests.registration.authorities import (
    ENTERPRISE,
    ENTERPRISES,
    bars_on,
    close,
    enterprise_of,
    restore,
    shown,
)
from tests.registration.builders import ANN, BOB, FILINGS, OFFICER, OTHER_OFFICER, filing, id_number
from tests.registration.changing import altered
from tests.registration.test_suspension import suspension
from tests.support.clock import SettableClock
from tests.support.service import ServiceUnderTest

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("serial", "penalty", "state", "certificate"),
    [(111, "licence_revoked", "revoked", "07"), (112, "closed_by_order", "closed", "05")],
)
async def test_a_penalty_ends_business_and_licence_and_is_told_and_published(
    registration: ServiceUnderTest,
    clock: SettableClock,
    serial: int,
    penalty: str,
    state: str,
    certificate: str,
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, serial)

    answer = await close(registration, uscc, penalty=penalty)
    again = await close(registration, uscc, penalty=penalty)

    assert answer.status_code == 200, answer.text
    assert (again.status_code, again.json()["type"]) == (409, "/problems/state-forbids")
    told = (await registration.event(f"{ENTERPRISE}{penalty}.v1", uscc))["data"]
    assert (told["state"], told["details"]["decision_no"]) == (state, "永市监罚〔2026〕12号")
    licences = "SELECT state FROM licence WHERE uscc = :u"
    assert await registration.rows(licences, u=uscc) == [{"state": certificate}]
    [entry] = (await registration.get(f"{ENTERPRISES}/{uscc}/closures")).json()["entries"]
    assert (entry["act"], entry["restored_at"]) == (penalty, None)
    refused = await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2026-04-01"), ANN)
    assert refused.json()["type"] == "/problems/state-forbids"
    assert await bars_on(registration, serial) == []


async def test_a_representative_who_is_responsible_stands_for_no_other_company_for_three_years(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 102)
    other = filing()
    other["people"][0]["id_number"] = (await _number_of(registration, uscc))[0]

    await close(registration, uscc, representative_is_responsible=True)
    barred = (await registration.post(FILINGS, other, ANN)).json()
    restored = await restore(registration, uscc)
    other["name"] = filing()["name"]  # the first filing still holds its own
    free = (await registration.post(FILINGS, other, ANN)).json()

    [bar] = await bars_on(registration, 102)
    assert (bar["kind"], bar["since"], bar["until"]) == (
        "revoked_or_closed",
        date(2026, 3, 2),
        date(2029, 3, 2),
    )
    assert barred.get("status") != "approved"
    assert restored.status_code == 200, restored.text
    assert (bar["lifted_at"] is not None, free["status"]) == (True, "approved")


async def test_a_decision_that_is_set_aside_leaves_the_enterprise_as_it_was_with_a_new_licence(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 103)
    before = await shown(registration, uscc)

    nothing = await restore(registration, uscc)
    await close(registration, uscc)
    clock.set(MONDAY + timedelta(days=60))
    foreign = await restore(registration, uscc, OTHER_OFFICER)
    restored = (await restore(registration, uscc)).json()

    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-to-restore")
    assert foreign.status_code == 403
    assert (restored["state"], restored["name"]) == ("active", before["name"])
    told = (await registration.event(f"{ENTERPRISE}restored.v1", uscc))["data"]
    assert told["details"]["undone"] == "licence_revoked"
    states = await registration.rows(
        "SELECT version, state FROM licence WHERE uscc = :u ORDER BY version", u=uscc
    )
    assert states == [{"version": 1, "state": "07"}, {"version": 2, "state": "01"}]


async def test_an_import_comes_back_with_a_licence_only_where_its_face_is_whole(
    registration: ServiceUnderTest,
) -> None:
    unsaid = await reporting.enterprise(registration, 130, kind="集体所有制")
    nobodys = await reporting.enterprise(registration, 131)
    # Two of the old register have one name: the one that holds no claim on it keeps it all the same.
    name = (await shown(registration, nobodys))["name"]
    whole = await reporting.enterprise(registration, 132, name=name)
    for code in (unsaid, whole):
        someone = {"name": "李四光", "id_number": id_number(130)}
        await registration.post(f"{ENTERPRISES}/{code}/representative", someone, OFFICER)

    done = [
        (await answering).status_code
        for code in (unsaid, nobodys, whole)
        for answering in (close(registration, code), restore(registration, code))
    ]

    assert done == [200] * 6
    identifiers = [
        (await shown(registration, code))["licence_identifier"] for code in (unsaid, nobodys, whole)
    ]
    assert [identifier is not None for identifier in identifiers] == [False, False, True]
    assert [(await shown(registration, code))["name"] for code in (nobodys, whole)] == [name, name]


async def test_a_name_that_nobody_has_is_given_back_though_its_claim_is_gone(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    wanted = filing()["name"]
    uscc = await enterprise_of(registration, 105, name=wanted)
    before = await shown(registration, uscc)
    await close(registration, uscc)
    clock.set(MONDAY + timedelta(days=366))
    alike = wanted | {"form": "有限责任公司"}
    taken = (await registration.post(FILINGS, filing(name=alike), BOB)).json()
    await altered(registration, taken["uscc"], name="永济市另一家餐饮有限公司")
    await registration.rows_changed("DELETE FROM name_claim WHERE uscc = :u", u=taken["uscc"])
    gone = await registration.rows("SELECT 1 FROM name_claim WHERE uscc = :u", u=uscc)

    restored = (await restore(registration, uscc)).json()
    again = (await registration.post(FILINGS, filing(name=wanted), BOB)).json()

    assert (gone, restored["name"]) == ([], before["name"])
    assert again["type"] == "/problems/name-taken", again


async def test_a_name_that_somebody_else_has_by_now_is_replaced_by_the_code(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    wanted = filing()["name"]
    uscc = await enterprise_of(registration, 104, name=wanted)
    await close(registration, uscc)
    clock.set(MONDAY + timedelta(days=366))
    taken = (await registration.post(FILINGS, filing(name=wanted), BOB)).json()

    restored = (await restore(registration, uscc)).json()

    assert taken["status"] == "approved"
    assert (restored["state"], restored["name"]) == ("active", uscc)


async def test_a_restored_enterprise_has_its_last_name_and_none_that_it_gave_up_the_same_day(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 107)
    old = (await shown(registration, uscc))["name"]
    asked = {"decided_on": "2026-03-02", "resolution_signed": True, "name": filing()["name"]}
    await registration.post(FILINGS, {"kind": "alteration", "uscc": uscc} | asked, ANN)
    await close(registration, uscc)

    restored = (await restore(registration, uscc)).json()

    assert restored["name"] == "".join(asked["name"].values())
    held = "SELECT name_key, gone_on IS NULL AS held FROM name_claim WHERE uscc = :u"
    names = {row["name_key"]: row["held"] for row in await registration.rows(held, u=uscc)}
    assert names == {name_key(old): False, name_key(restored["name"]): True}


async def test_a_suspension_that_was_cut_short_does_not_go_on_after_a_restoration(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 105)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2027-03-01"), ANN)

    await close(registration, uscc)
    [cut] = (await registration.get(f"{ENTERPRISES}/{uscc}/suspensions")).json()["entries"]
    restored = (await restore(registration, uscc)).json()

    assert (cut["end"], restored["state"]) == ("abandoned", "active")


async def test_only_the_registrar_enters_a_penalty_and_none_of_tomorrow_or_before_its_time(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 106)

    foreign = await close(registration, uscc, OTHER_OFFICER)
    early = await close(registration, uscc, decided_on="2026-03-03")
    before_it_was = await close(registration, uscc, decided_on="1999-01-01")

    assert (foreign.status_code, early.status_code, before_it_was.status_code) == (403, 409, 409)
    assert early.json()["type"] == "/problems/decision-not-yet-made"
    assert before_it_was.json()["type"] == "/problems/decision-too-early"
    assert (await shown(registration, uscc))["state"] == "active"


@pytest.mark.parametrize("state", list(EnterpriseState))
async def test_a_penalty_meets_whoever_is_in_the_register_with_a_licence(
    registration: ServiceUnderTest, clock: SettableClock, state: EnterpriseState
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 120 + list(EnterpriseState).index(state))
    if state is not EnterpriseState.ACTIVE:
        await altered(registration, uscc, state=state)

    answer = await close(registration, uscc, OFFICER)

    expected = 200 if state in CLOSES_FROM[RegisterAct.LICENCE_REVOKED] else 409
    assert answer.status_code == expected, answer.text


async def _number_of(registration: ServiceUnderTest, uscc: str) -> list[str]:
    rows = await registration.rows("SELECT id_number FROM enterprise_person WHERE uscc = :u", u=uscc)
    return [row["id_number"] for row in rows]
