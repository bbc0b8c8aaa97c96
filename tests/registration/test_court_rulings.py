"""Rulings of courts (破产、强制清算裁定): told by courts alone, one after the other, and the register follows."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
import pytest

from services.registration.domain.authority_errors import RulingNotPossible
from services.registration.domain.court_ruling import (
    TRANSITIONS,
    Proceedings,
    RulingKind,
    after,
    state_under,
)
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseState
from tests.registration.authorities import ENTERPRISE, close, enterprise_of, shown
from tests.registration.builders import ANN, FILINGS, person
from tests.registration.changing import altered
from tests.registration.leaving import LIQUIDATIONS, POLICE
from tests.registration.test_suspension import suspension
from tests.support.clock import SettableClock
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest

RULINGS = "/registration/v1/court-rulings"
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
COURT = agency_token("court", "11140881MB9Y000T5B", "registration.ruling.enter")
NO_COURT = agency_token("tax", "11140881MB9Y000405", "registration.ruling.enter")


async def rule(
    registration: ServiceUnderTest, uscc: str, kind: str, token: str = COURT, **changes: Any
) -> httpx.Response:
    """A court tells of a ruling of the day, under a number of its own."""
    body = {
        "uscc": uscc,
        "kind": kind,
        "number": f"（2026）晋0881破{kind}号",
        "ruled_on": "2026-03-02",
        "court_name": "永济市人民法院",
    }
    return await registration.post(RULINGS, body | changes, token)


def test_every_ruling_that_may_follow_is_in_the_table() -> None:
    for proceedings in Proceedings:
        for kind in RulingKind:
            if (proceedings, kind) in TRANSITIONS:
                assert after(proceedings, kind) is TRANSITIONS[proceedings, kind]
            else:
                with pytest.raises(RulingNotPossible):
                    after(proceedings, kind)


def test_no_ruling_gives_back_a_licence() -> None:
    for proceedings, by_court in product(Proceedings, (True, False)):
        for state in set(EnterpriseState) - IN_BUSINESS - {EnterpriseState.IN_LIQUIDATION}:
            assert state_under(proceedings, state, by_court=by_court) is state


@pytest.mark.parametrize(
    ("serial", "rulings", "states"),
    [
        (
            301,
            ("bankruptcy_accepted", "bankruptcy_declared", "bankruptcy_ended"),
            ("active", "in_liquidation", "in_liquidation"),
        ),
        (
            302,
            ("bankruptcy_accepted", "reorganisation_ordered", "reorganisation_ended"),
            ("active", "active", "active"),
        ),
        (303, ("liquidation_accepted", "dismissed"), ("in_liquidation", "active")),
        (304, ("liquidation_accepted", "liquidation_ended"), ("in_liquidation", "in_liquidation")),
        (
            309,
            ("liquidation_accepted", "bankruptcy_accepted", "reorganisation_ordered", "reorganisation_ended"),
            ("in_liquidation", "in_liquidation", "active", "active"),
        ),
        (310, ("bankruptcy_accepted", "composition_ordered", "composition_ended"), ("active",) * 3),
    ],
)
async def test_the_register_follows_the_courts_and_all_are_told_of_each_ruling(
    registration: ServiceUnderTest,
    clock: SettableClock,
    serial: int,
    rulings: tuple[str, ...],
    states: tuple[str, ...],
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, serial)

    seen = []
    for kind in rulings:
        answer = await rule(registration, uscc, kind, administrator="山西示例律师事务所")
        assert answer.status_code == 201, answer.text
        seen.append((await shown(registration, uscc))["state"])

    assert tuple(seen) == states
    told = await registration.events(f"{ENTERPRISE}court_ruled.v1", uscc)
    assert [each["data"]["details"]["ruling"] for each in told] == list(rulings)
    assert [each["data"]["state"] for each in told] == list(states)
    listed = (await registration.get(RULINGS, uscc=uscc)).json()["entries"]
    assert [each["kind"] for each in listed] == list(reversed(rulings))


async def test_a_ruling_is_told_once_in_its_order_of_its_day_and_by_a_court(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 305)

    answers = {
        "not-a-court": await rule(registration, uscc, "bankruptcy_accepted", NO_COURT),
        "ruling-not-possible": await rule(registration, uscc, "bankruptcy_declared"),
        "decision-not-yet-made": await rule(registration, uscc, "bankruptcy_accepted", ruled_on="2026-03-03"),
    }
    assert (await rule(registration, uscc, "bankruptcy_accepted")).status_code == 201
    answers["ruling-entered"] = await rule(registration, uscc, "bankruptcy_accepted")

    assert {slug: answer.json()["type"] for slug, answer in answers.items()} == {
        slug: f"/problems/{slug}" for slug in answers
    }


async def test_whose_licence_was_revoked_stays_revoked_under_the_court(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 306)
    await close(registration, uscc)

    await rule(registration, uscc, "liquidation_accepted")

    assert (await shown(registration, uscc))["state"] == "revoked"


async def test_an_enterprise_that_its_owners_wind_up_is_not_brought_back_by_a_court(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 311)
    group = {"formed_on": "2026-03-02", "members": [{"name": "张三丰", "is_head": True}]}
    wound_up = {"uscc": uscc, "reason": "resolution", "decided_on": "2026-03-02", "group": group}
    assert (await registration.post(LIQUIDATIONS, wound_up, ANN)).status_code == 201

    for kind in ("liquidation_accepted", "dismissed"):
        assert (await rule(registration, uscc, kind)).status_code == 201

    assert (await shown(registration, uscc))["state"] == "in_liquidation"


async def test_a_suspension_ends_with_the_liquidation(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 307)
    await registration.post(FILINGS, suspension(uscc, "2026-03-02", "2027-03-01"), ANN)

    await rule(registration, uscc, "liquidation_accepted")

    path = f"/registration/v1/enterprises/{uscc}/suspensions"
    [cut] = (await registration.get(path)).json()["entries"]
    assert (cut["state"], cut["end"]) == ("ended", "abandoned")
    assert (await shown(registration, uscc))["state"] == "in_liquidation"


async def test_no_rule_alone_lets_shares_go_that_are_frozen_or_an_enterprise_that_is_before_a_court(
    registration: ServiceUnderTest, clock: SettableClock
) -> None:
    clock.set(MONDAY)
    frozen, before_court = [await enterprise_of(registration, serial) for serial in (312, 313)]
    bar = {"kind": "shares_frozen", "reference": "（2026）晋0881执12号"}
    await registration.post(f"/registration/v1/enterprises/{frozen}/exit-bars", bar, POLICE)
    await rule(registration, before_court, "bankruptcy_accepted")
    sold = {"owners": [person("shareholder", serial=314)]}
    moved = {"domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True}}

    async def altered_by(uscc: str, items: dict[str, Any]) -> tuple[str, list[str]]:
        body = {"kind": "alteration", "uscc": uscc, "decided_on": "2026-03-02", "resolution_signed": True}
        told = (await registration.post(FILINGS, body | items, ANN)).json()
        return told["status"], [f["rule"] for f in told["findings"] if f["outcome"] == "referred"]

    assert await altered_by(frozen, moved) == ("approved", [])
    assert await altered_by(frozen, sold) == ("under_review", ["alteration.shares_free"])
    assert await altered_by(before_court, moved) == ("under_review", ["alteration.no_proceedings"])


async def test_no_court_rules_on_who_has_left(registration: ServiceUnderTest, clock: SettableClock) -> None:
    clock.set(MONDAY)
    uscc = await enterprise_of(registration, 308)
    await altered(registration, uscc, state=EnterpriseState.DEREGISTERED)

    answer = await rule(registration, uscc, "bankruptcy_accepted")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/state-forbids")
