"""Entering records: what is admitted, what it does to the subject, how long it is published."""

import asyncio
import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.calendar import add_months
from tests.credit.builders import (
    ACCESSED,
    ENTERED,
    EVALUATED,
    MARKET,
    MARKET_TOKEN,
    OPENED,
    RECORDS,
    SCOPES,
    SUBJECTS,
    TAX_TOKEN,
    WARNED,
    an_open_subject,
    enter,
    entry,
    new_uscc,
    penalty,
    shown_to,
    today,
)
from tests.support.identities import person_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def test_a_record_inherits_its_item_and_evaluates_the_subject_again(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    made_on = today(credit)

    record = await enter(credit, entry(uscc, "penalty_general", made_on))

    assert record["provider_uscc"] == MARKET
    assert (record["nature"], record["severity"], record["openness"]) == ("negative", "general", "public")
    assert (record["sharing"], record["update_cycle"]) == ("unconditional", "within 7 working days")
    assert record["published_at_least_through"] == add_months(made_on, 3).isoformat()
    assert record["published_through"] == add_months(made_on, 12).isoformat()
    [entered] = await credit.events(ENTERED, record["id"])
    assert entered["data"]["catalogue_item"] == "penalty_general"
    evaluated = (await credit.events(EVALUATED, uscc))[-1]["data"]
    assert (evaluated["score"], evaluated["grade"]) == ("70.00", "B")
    assert evaluated["factors"] == [{"code": "penalty_general", "points": "-10.00", "count": 1}]
    assert await credit.events(WARNED, uscc) == []


async def test_a_fall_across_the_threshold_is_warned_about(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)

    await enter(credit, entry(uscc, "penalty_serious", today(credit)))

    [warned] = await credit.events(WARNED, uscc)
    assert (warned["data"]["previous_grade"], warned["data"]["grade"]) == ("B", "C")
    assert warned["data"]["reasons"] == ["grade", "score"]


@pytest.mark.parametrize(
    ("circumstances", "rule"),
    [
        ({"procedure": "simple"}, "CRD-04.1"),
        ({"is_slight": True, "is_remedied": True}, "CRD-04.2"),
        ({"is_first": True, "has_slight_consequences": True, "is_remedied": True}, "CRD-04.3"),
    ],
)
async def test_an_excluded_penalty_is_neither_recorded_nor_published(
    credit: ServiceUnderTest, circumstances: dict[str, Any], rule: str
) -> None:
    uscc = await an_open_subject(credit)
    body = entry(uscc, "penalty_general", today(credit), penalty=penalty(**circumstances))

    answer = await credit.post(RECORDS, body, MARKET_TOKEN)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["outcome"], told["record"], told["exclusion"]["rule"]) == ("excluded", None, rule)
    assert await credit.rows("SELECT 1 FROM credit_record WHERE uscc = :u", u=uscc) == []
    assert len(await credit.events(EVALUATED, uscc)) == 1


async def test_what_the_catalogue_does_not_list_is_refused_and_logged(
    credit: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    uscc = await an_open_subject(credit)

    with caplog.at_level(logging.WARNING, logger="services.credit"):
        answer = await credit.post(RECORDS, entry(uscc, "jaywalking", today(credit)), MARKET_TOKEN)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/not-in-credit-catalogue"
    [attempt] = [r for r in caplog.records if r.getMessage() == "record_outside_catalogue"]
    assert (attempt.__dict__["agency"], attempt.__dict__["catalogue_item"]) == (MARKET, "jaywalking")
    assert await credit.rows("SELECT 1 FROM credit_record WHERE uscc = :u", u=uscc) == []


async def test_only_a_providing_unit_of_the_item_may_enter_it(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    body = entry(uscc, "tax_arrears", today(credit))

    foreign = await credit.post(RECORDS, body, MARKET_TOKEN)
    person = await credit.post(RECORDS, body, person_token("ann", *SCOPES))
    own = await credit.post(RECORDS, body, TAX_TOKEN)

    assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/not-a-providing-unit")
    assert (person.status_code, person.json()["type"]) == (403, "/problems/agency-only")
    assert own.status_code == 201


async def test_bad_entries_are_refused_with_nothing_behind_them(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    day = today(credit)
    good = entry(uscc, "penalty_general", day)
    tomorrow = (day + timedelta(days=1)).isoformat()
    late = {**good["document"], "effective_on": tomorrow}
    early = {**good["document"], "made_on": tomorrow}
    cases = [
        ({**good, "penalty": None}, 400, "penalty-facts-missing"),
        ({**good, "document": late}, 409, "document-not-effective"),
        ({**good, "document": early}, 400, "invalid-input"),
        ({**good, "happened_on": tomorrow}, 400, "invalid-input"),
        ({**good, "uscc": uscc[:-1] + ("0" if uscc[-1] != "0" else "1")}, 400, "invalid-input"),
        ({**good, "uscc": new_uscc()}, 404, "credit-subject-not-found"),
        ({**good, "secret": True}, 400, "invalid-input"),
    ]
    for body, status, slug in cases:
        answer = await credit.post(RECORDS, body, MARKET_TOKEN)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}"), answer.text

    assert await credit.rows("SELECT 1 FROM credit_record WHERE uscc = :u", u=uscc) == []
    assert len(await credit.events(EVALUATED, uscc)) == 1


async def test_one_document_makes_one_record_of_an_item(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    body = entry(uscc, "honour", today(credit))
    await enter(credit, body)

    again = await credit.post(RECORDS, body, MARKET_TOKEN)

    assert (again.status_code, again.json()["type"]) == (409, "/problems/record-already-entered")


async def test_records_entered_at_once_are_all_counted(credit: ServiceUnderTest) -> None:
    uscc = await an_open_subject(credit)
    day = today(credit)

    bodies = [entry(uscc, "penalty_minor", day) for _ in range(2)] + [entry(uscc, "honour", day)]
    await asyncio.gather(*(enter(credit, body) for body in bodies))

    answer = await credit.get(f"{SUBJECTS}/{uscc}/evaluation", MARKET_TOKEN)
    counts = {c["code"]: c["count"] for c in answer.json()["contributions"]}
    assert counts == {"penalty_minor": 2, "honour": 1}
    evaluated = (await credit.events(EVALUATED, uscc))[-1]["data"]
    assert Decimal(evaluated["score"]) == Decimal("79")
    assert answer.json()["number"] == 4


async def test_publication_ends_with_the_last_day_of_the_longest_period(credit: ServiceUnderTest) -> None:
    start = credit.clock()
    uscc = await an_open_subject(credit)
    made_on = today(credit)
    await enter(credit, entry(uscc, "penalty_general", made_on))
    last = add_months(made_on, 12)
    try:
        credit.clock.advance(last - made_on)
        on_the_last_day = await shown_to(credit, uscc)
        credit.clock.advance(timedelta(days=1))
        the_day_after = await shown_to(credit, uscc)
        await credit.stop_worker()
        await credit.start_worker()

        async def ended() -> bool:
            [row] = await credit.rows("SELECT status FROM credit_record WHERE uscc = :u", u=uscc)
            return bool(row["status"] == "ended")

        await eventually(ended)
        evaluated = (await credit.events(EVALUATED, uscc))[-1]["data"]
    finally:
        credit.clock.set(start)

    assert (on_the_last_day, the_day_after) == ({"penalty_general"}, set())
    assert evaluated["factors"] == [{"code": "years_in_business", "points": "1.00", "count": 1}]
    assert evaluated["score"] == "81.00"
    assert await shown_to(credit, uscc, MARKET_TOKEN) == {"penalty_general"}, "agencies keep the history"


async def test_both_outcomes_of_an_entry_and_every_event_are_documented(credit: ServiceUnderTest) -> None:
    document = (await credit.get("/openapi.json")).json()
    contracts = (await credit.get("/credit/v1/contracts")).json()["contracts"]

    assert {"200", "201"} <= set(document["paths"][RECORDS]["post"]["responses"])
    assert {c["type"] for c in contracts} == {OPENED, EVALUATED, WARNED, ENTERED, ACCESSED}
    for contract in contracts:
        assert (await credit.get(contract["schema"])).json()["title"] == contract["type"]
