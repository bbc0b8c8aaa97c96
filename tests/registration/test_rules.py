"""Every rule of the review at its edge, over HTTP."""

from typing import Any

import pytest

from tests.registration.builders import ANN, FILINGS, distinctive, filing, id_number, person
from tests.support.service import ServiceUnderTest

OWNER = person("legal_representative", "shareholder")


async def outcomes(registration: ServiceUnderTest, body: dict[str, Any]) -> dict[str, str]:
    """What each rule said, the gravest where it spoke twice; the filing does not stay."""
    answer = await registration.post(FILINGS, body, ANN)
    assert answer.status_code == 201, answer.text
    order = ["passed", "noted", "referred", "fault"]
    found: dict[str, str] = {}
    for check in answer.json()["checks"]:
        before = found.get(check["rule"], "passed")
        found[check["rule"]] = max(before, check["outcome"], key=order.index)
    return found


def people(count: int, each: int) -> list[dict[str, Any]]:
    return [
        person(
            *(["legal_representative"] if serial == 1 else []),
            "shareholder",
            serial=serial,
            subscribed_fen=each,
        )
        for serial in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("rule", "changes", "outcome"),
    [
        ("name.region", {"name__division": "永济"}, "passed"),
        ("name.region", {"name__division": "北京市"}, "fault"),
        ("name.distinctive", {"name__distinctive": "渡"}, "fault"),
        ("name.distinctive", {"name__distinctive": "渡A"}, "fault"),
        ("name.distinctive", {"name__distinctive": "运城市"}, "fault"),
        ("name.distinctive", {"name__distinctive": "餐饮"}, "fault"),
        ("name.distinctive", {"name__distinctive": "渡" * 20}, "passed"),
        ("name.distinctive", {"name__distinctive": "渡" * 21}, "fault"),
        ("name.trade", {"name__trade": "餐饮管理"}, "passed"),
        ("name.trade", {"name__trade": "酒店"}, "fault"),
        ("name.trade", {"name__trade": "曲艺"}, "referred"),
        ("name.trade", {"name__trade": "food"}, "fault"),
        ("name.form", {"name__form": "有限责任公司"}, "passed"),
        ("name.form", {"name__form": "厂"}, "fault"),
        ("name.forbidden_words", {"name__distinctive": "中国渡口"}, "fault"),
        ("name.forbidden_words", {"name__distinctive": "渡口公安"}, "fault"),
        ("name.forbidden_words", {"name__distinctive": "渡口国", "name__trade": "家餐饮"}, "fault"),
        ("domicile.in_region", {"domicile__division_code": "140881106"}, "passed"),
        ("domicile.in_region", {"domicile__division_code": "140881107"}, "fault"),
        ("domicile.commitment", {"domicile__commitment": False}, "fault"),
        ("domicile.address_match", {"domicile__street": "虞乡镇大街1号"}, "noted"),
        ("domicile.address_match", {"domicile__street": "城西街道虞乡镇路1号"}, "passed"),
        ("service_address.confirmed", {"service_address_confirmed": False}, "fault"),
        ("scope.standard_codes", {"scope": ["H6210-01", "H6210-02"]}, "passed"),
        ("scope.standard_codes", {"scope": ["H6210-99"]}, "fault"),
        ("scope.standard_codes", {"scope": ["H6210-01", "H6210-01"]}, "fault"),
        ("scope.licence_first", {"scope": ["H6210-01", "F5213-04"]}, "passed"),
        ("kind.offered", {"enterprise_kind": "other"}, "fault"),
        ("people.legal_representative", {"people": [person("shareholder")]}, "fault"),
        (
            "people.legal_representative",
            {"people": [OWNER, person("legal_representative", serial=2, subscribed_fen=None)]},
            "fault",
        ),
        ("people.roles", {"people": [person("legal_representative", subscribed_fen=None)]}, "fault"),
        ("people.roles", {"people": people(50, 200_000)}, "passed"),
        ("people.roles", {"people": people(51, 200_000)}, "fault"),
        (
            "people.roles",
            {"people": [OWNER | {"roles": ["legal_representative", "shareholder", "member"]}]},
            "fault",
        ),
        (
            "people.roles",
            {"people": [OWNER | {"roles": ["legal_representative", "shareholder", "contact"]}]},
            "passed",
        ),
        ("people.identity_numbers", {"people": [OWNER | {"id_number": id_number(1)[:-1] + "9"}]}, "fault"),
        ("people.identity_numbers", {"people": [OWNER | {"id_number": "123"}]}, "fault"),
        ("people.identity_numbers", {"people": [OWNER | {"id_number": id_number(1, "20990101")}]}, "fault"),
        (
            "people.identity_numbers",
            {"people": [OWNER, person("contact", serial=1, subscribed_fen=None)]},
            "fault",
        ),
        ("people.contributions", {"people": people(2, 5_000_000)}, "passed"),
        ("people.contributions", {"people": people(2, 4_999_999)}, "fault"),
        ("people.contributions", {"people": [OWNER | {"subscribed_fen": None}]}, "fault"),
        ("people.contact_phone", {"people": [OWNER | {"phone": None}]}, "fault"),
        (
            "capital.bounds",
            {"registered_capital_fen": 1, "people": [OWNER | {"subscribed_fen": 1}]},
            "passed",
        ),
        ("capital.bounds", {"registered_capital_fen": 0}, "fault"),
        (
            "capital.bounds",
            {
                "registered_capital_fen": 1_000_000_000_000,
                "people": [OWNER | {"subscribed_fen": 1_000_000_000_000}],
            },
            "passed",
        ),
        ("capital.bounds", {"registered_capital_fen": 1_000_000_000_001}, "fault"),
    ],
)
async def test_a_rule_holds_or_breaks_at_its_edge(
    registration: ServiceUnderTest, rule: str, changes: dict[str, Any], outcome: str
) -> None:
    found = await outcomes(registration, filing(**changes))

    assert found[rule] == outcome, found


async def test_permits_are_listed_by_scope_and_none_where_none_is_needed(
    registration: ServiceUnderTest,
) -> None:
    free = await registration.post(FILINGS, filing(scope=["H6210-03"]), ANN)
    several = await registration.post(FILINGS, filing(scope=["H6210-01", "F5213-01", "F5213-04"]), ANN)

    assert free.json()["required_permits"] == []
    assert [(need["item"], need["scope"]) for need in several.json()["required_permits"]] == [
        ("food_operation", ["H6210-01", "F5213-01"]),
        ("tobacco", ["F5213-04"]),
    ]


async def test_the_same_name_is_refused_without_a_word_on_whose_it_is(registration: ServiceUnderTest) -> None:
    body = filing()
    held = (await registration.post(FILINGS, body, ANN)).json()

    answer = await registration.post(
        FILINGS, body | {"service_address_confirmed": False}, ANN, accept_language="en"
    )

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "/problems/name-taken"
    assert {e["code"] for e in problem["errors"]} >= {"name.same", "service_address.confirmed"}
    assert held["id"] not in answer.text
    assert held["uscc"] not in answer.text


@pytest.mark.parametrize(
    ("changes", "rule_outcome"),
    [
        ({"name__division": "运城市"}, "fault"),
        ({"name__form": "有限责任公司"}, "fault"),
        ({"name__trade": "餐饮管理"}, "fault"),
        ({"name__trade": "饭店", "name__form": "有限责任公司"}, "referred"),
        ({"name__trade": "便利店", "scope": ["F5213-01"]}, "passed"),
    ],
)
async def test_the_same_distinctive_part_conflicts_by_trade(
    registration: ServiceUnderTest, changes: dict[str, Any], rule_outcome: str
) -> None:
    name = distinctive()
    await registration.post(FILINGS, filing(name__distinctive=name), ANN)

    found = await outcomes(registration, filing(name__distinctive=name, **changes))

    assert found["name.alike"] == rule_outcome


async def test_a_name_given_up_is_free_after_a_year(registration: ServiceUnderTest) -> None:
    body = filing()
    await registration.post(FILINGS, body, ANN)
    give_up = (
        "UPDATE name_claim SET gone_on = (now() AT TIME ZONE 'Asia/Shanghai')::date"
        " - CAST(CAST(:ago AS text) AS interval) WHERE distinctive_key = :name"
    )

    await registration.rows_changed(give_up, ago="364 days", name=body["name"]["distinctive"])
    within = await registration.post(FILINGS, body, ANN)
    await registration.rows_changed(give_up, ago="1 year", name=body["name"]["distinctive"])
    after = await registration.post(FILINGS, body, ANN)

    assert (within.status_code, after.status_code) == (409, 201)
    assert after.json()["status"] == "approved"


async def test_a_lapsed_reservation_frees_the_name(registration: ServiceUnderTest) -> None:
    body = filing(service_address_confirmed=False)
    held = (await registration.post(FILINGS, body, ANN)).json()["id"]

    await registration.rows_changed(
        "UPDATE name_claim SET reserved_until = now() - interval '1 second' WHERE filing_id = CAST(:i AS uuid)",
        i=held,
    )
    free = await registration.post(FILINGS, body | {"service_address_confirmed": True}, ANN)

    assert free.json()["status"] == "approved"


async def test_a_name_check_says_what_stands_against_a_name(registration: ServiceUnderTest) -> None:
    body = filing()
    taken = "".join(body["name"].values())
    await registration.post(FILINGS, body, ANN)
    check = "/registration/v1/names/check"

    same = (await registration.get(check, name=taken)).json()
    alike = (await registration.get(check, name=taken.replace("永济市", "运城市"))).json()
    free = (await registration.get(check, name=f"永济市{distinctive()}餐饮有限公司")).json()
    forbidden = (await registration.get(check, name=f"永济市中华{distinctive()}餐饮有限公司")).json()

    assert (same["available"], same["conflicts"]) == (False, ["same", "alike"])
    assert (alike["available"], alike["conflicts"]) == (False, ["alike"])
    assert (free["available"], free["conflicts"]) == (True, [])
    assert forbidden["conflicts"] == ["forbidden:中华"]
