"""Records (备案) over HTTP: what is recorded, what is not of a kind, what comes late."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.calendar import local_date
from tests.registration.builders import ANN, FILINGS, OFFICER, filing, id_number, person
from tests.support.service import ServiceUnderTest

PREFIX = "cn.tongban.registration."
SERVED = {"text": "永济市蒲州镇鹳雀路8号", "recipient": "李四", "phone": "13800000001"}


async def an_enterprise(registration: ServiceUnderTest, **changes: Any) -> str:
    """An enterprise that ann established."""
    made = (await registration.post(FILINGS, filing(**changes), ANN)).json()
    assert made["status"] == "approved", made["findings"]
    code: str = made["uscc"]
    return code


async def record(registration: ServiceUnderTest, uscc: str, **items: Any) -> dict[str, Any]:
    """A record of what happened today."""
    body = {"kind": "record", "uscc": uscc, "decided_on": local_date(registration.clock()).isoformat()}
    answer = await registration.post(FILINGS, body | items, ANN)
    assert answer.status_code == 201, answer.text
    out: dict[str, Any] = answer.json()
    return out


def faults(out: dict[str, Any]) -> set[tuple[str, str]]:
    return {(f["rule"], f["pointer"]) for f in out["findings"] if f["outcome"] == "fault"}


async def test_what_is_recorded_is_entered_without_a_new_licence(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    [before] = await registration.rows("SELECT licence_identifier FROM enterprise WHERE uscc = :u", u=uscc)
    supervisor = person("supervisor", serial=4, subscribed_fen=None)

    out = await record(
        registration,
        uscc,
        term={"until": "2046-12-31"},
        articles={"adopted_on": "2026-01-05", "sha256": "ab" * 32},
        officers=[supervisor, person("director", subscribed_fen=None)],
        contacts=[person("registration_liaison", serial=5, subscribed_fen=None)],
        contributions=[{"id_number": id_number(1), "paid_fen": 4_000_000, "forms": ["money"]}],
        service_address=SERVED,
    )

    assert (out["status"], out["licence_identifier"]) == ("approved", before["licence_identifier"]), out
    people = await registration.rows(
        "SELECT id_number, roles, paid_fen FROM enterprise_person WHERE uscc = :u ORDER BY position", u=uscc
    )
    assert [(p["id_number"], p["roles"], p["paid_fen"]) for p in people] == [
        (id_number(1), ["legal_representative", "shareholder", "director"], 4_000_000),
        (id_number(4), ["supervisor"], None),
        (id_number(5), ["registration_liaison"], None),
    ]
    [event] = await registration.events(f"{PREFIX}enterprise.recorded.v1", uscc)
    assert (
        event["data"]["details"]["items"] == "articles,term,contributions,officers,contacts,service_address"
    )
    assert "李四" not in str(event) and SERVED["text"] not in str(event)


async def test_a_second_address_needs_no_other_code_or_licence(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    further = [{"division_code": "140881101", "text": "永济市卿头镇人民路3号"}]

    out = await record(registration, uscc, further_addresses=further)
    elsewhere = await record(
        registration, uscc, further_addresses=[further[0] | {"division_code": "140882001"}]
    )

    assert (out["status"], out["uscc"]) == ("approved", uscc)
    assert faults(elsewhere) == {("further_addresses.in_region", "/further_addresses/0/division_code")}
    [row] = await registration.rows("SELECT further_addresses FROM enterprise WHERE uscc = :u", u=uscc)
    assert row["further_addresses"] == further


async def test_the_service_address_has_versions(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)

    for number in (8, 9):
        out = await record(registration, uscc, service_address=SERVED | {"text": f"永济市鹳雀路{number}号"})
        assert out["status"] == "approved"

    kept = await registration.rows(
        "SELECT before #>> '{enterprise,service_address,text}' AS text FROM register_change"
        " WHERE uscc = :u AND act = 'recorded' ORDER BY version",
        u=uscc,
    )
    assert [row["text"] for row in kept] == ["永济市城西街道河东大道12号", "永济市鹳雀路8号"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({}, ("record.items", "")),
        ({"term": {}}, ("record.items", "/term")),
        (
            {"members": [person("member", subscribed_fen=None)]},
            ("record.items_of_kind", "/members"),
        ),
        (
            {"contributions": [{"id_number": id_number(9), "paid_fen": 1}]},
            ("record.contributor", "/contributions/0/id_number"),
        ),
        (
            {"contributions": [{"id_number": id_number(1), "subscribed_fen": 1}]},
            ("people.contributions", "/contributions"),
        ),
        ({"articles": {"adopted_on": "2046-01-01"}}, ("items.articles", "/articles/adopted_on")),
        (
            {"officers": [person("supervisor", serial=4, subscribed_fen=None) | {"id_number": "1"}]},
            ("people.identity_numbers", "/officers/0/id_number"),
        ),
    ],
    ids=["nothing", "same", "other-kind", "stranger", "sum", "future", "identity"],
)
async def test_what_breaks_a_rule_is_returned_with_its_place(
    registration: ServiceUnderTest, items: dict[str, Any], expected: tuple[str, str]
) -> None:
    uscc = await an_enterprise(registration)

    out = await record(registration, uscc, **items)

    assert out["status"] == "returned"
    assert expected in faults(out), out["findings"]


async def test_what_comes_late_is_recorded_and_supervision_is_told(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    happened = local_date(registration.clock()) - timedelta(days=70)

    out = await record(registration, uscc, service_address=SERVED, decided_on=happened.isoformat())

    assert out["status"] == "approved"
    assert [f["rule"] for f in out["findings"]] == ["record.in_time"]
    [event] = await registration.events(f"{PREFIX}enterprise.recorded.v1", uscc)
    assert 30 <= int(event["data"]["details"]["days_late"]) <= 40
    followed = await registration.rows("SELECT rule FROM follow_up WHERE uscc = :u", u=uscc)
    assert [row["rule"] for row in followed] == ["record.in_time"]


async def test_an_officer_records_what_was_left_to_one(registration: ServiceUnderTest) -> None:
    uscc = await an_enterprise(registration)
    today = date.isoformat(local_date(registration.clock()))
    body = {
        "kind": "record",
        "uscc": uscc,
        "decided_on": today,
        "service_address": SERVED,
        "wants_person": True,
    }
    waiting = (await registration.post(FILINGS, body, ANN)).json()

    approved = (await registration.post(f"{FILINGS}/{waiting['id']}/approval", None, OFFICER)).json()

    assert (waiting["status"], approved["status"], approved["decided_by"]) == (
        "under_review",
        "approved",
        "officer",
    )
