"""What an enforcement agency is told of an activity: scope, permits, and where no penalty is due (REG-23)."""

from typing import Any

import httpx
import pytest

from tests.licensing.restaurant import MARKET, POLICE, SIGNS, Restaurants, agency
from tests.licensing.test_permits import granted
from tests.support.identities import agency_token, person_token
from tests.support.service import ServiceUnderTest

CHECKS = "/licensing/v1/scope-checks"
RECORDED = "cn.tongban.licensing.access.recorded.v1"
RETAIL_OF_GOODS, TOBACCO, CATERING, PREPACKED = "F5213-03", "F5213-04", "H6210-01", "F5213-02"


async def ask(licensing: ServiceUnderTest, token: str, uscc: str, **activity: Any) -> httpx.Response:
    body = {"uscc": uscc, "case_number": "永市监罚〔2026〕17号"} | activity
    return await licensing.post(CHECKS, body, token, accept_language="en")


@pytest.mark.parametrize(
    ("activity", "result", "missing"),
    [
        ({"scope_code": RETAIL_OF_GOODS}, "no_penalty", []),
        ({"scope_code": PREPACKED}, "no_penalty", []),
        ({"scope_code": TOBACCO}, "permit_missing", ["tobacco"]),
        ({"scope_code": CATERING}, "permit_missing", ["food_operation"]),
        ({"industry_class": "H6220"}, "permit_missing", ["food_operation"]),
        ({"industry_class": "F5213"}, "undetermined", []),
        ({"scope_code": "A0111-99"}, "undetermined", []),
    ],
    ids=lambda given: "-".join(given.values()) if isinstance(given, dict) else None,
)
async def test_outside_the_scope_only_what_needs_a_permit_is_another_matter(
    licensing: ServiceUnderTest,
    restaurants: Restaurants,
    activity: dict[str, str],
    result: str,
    missing: list[str],
) -> None:
    uscc = await restaurants.registered(scope=CATERING, holder=None)

    answer = await ask(licensing, agency(MARKET), uscc, **activity)

    found = answer.json()
    rules = {rule["rule"]: rule for rule in found["rules"]}
    assert (answer.status_code, found["result"]) == (201, result)
    assert rules["scope.permit_held"]["items"] == missing
    assert rules["scope.registered"]["outcome"] == ("yes" if activity == {"scope_code": CATERING} else "no")
    assert all(rule["legal_basis"] for rule in found["rules"])


async def test_what_is_registered_and_permitted_is_within_and_what_is_only_permitted_asks_for_a_wider_scope(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = (await granted(licensing, restaurants))["uscc"]

    own = await ask(licensing, agency(MARKET), uscc, scope_code=CATERING)
    other = await ask(licensing, agency(MARKET), uscc, scope_code="H6220-01")

    assert (own.json()["result"], other.json()["result"]) == ("within_scope", "scope_to_be_altered")


async def test_who_is_not_in_business_has_no_claim_to_the_rule(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(state="revoked", holder=None)

    answer = await ask(licensing, agency(MARKET), uscc, scope_code=RETAIL_OF_GOODS)

    assert answer.json()["result"] == "not_in_business"


async def test_question_asker_and_answer_are_kept_for_the_agency_that_asked_and_audited(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(holder=None)
    asked = (await ask(licensing, agency(POLICE), uscc, scope_code=TOBACCO)).json()

    own = await licensing.get(f"{CHECKS}/{asked['id']}", agency(POLICE))
    others = await licensing.get(f"{CHECKS}/{asked['id']}", agency(SIGNS))

    recorded = (await licensing.event(RECORDED, asked["id"]))["data"]
    assert own.json() == asked
    assert others.status_code == 404
    assert (recorded["agency_uscc"], recorded["purpose"]) == (POLICE, "law_enforcement")
    assert recorded["fields"] == ["permits", "scope_codes", "state"]
    row = await licensing.rows("SELECT case_number, asked_by FROM scope_check WHERE uscc = :u", u=uscc)
    assert row == [{"case_number": "永市监罚〔2026〕17号", "asked_by": recorded["reader"]}]


async def test_nobody_but_an_agency_with_the_scope_asks_and_only_of_whom_the_register_knows(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(holder=None)
    person = person_token("curious", "licensing.application.read")
    without = agency_token("client-0", MARKET, "licensing.component.decide")

    by_person = await ask(licensing, person, uscc, scope_code=TOBACCO)
    without_scope = await ask(licensing, without, uscc, scope_code=TOBACCO)
    unknown = await ask(licensing, agency(MARKET), restaurants.new_uscc(), scope_code=TOBACCO)
    both = await ask(licensing, agency(MARKET), uscc, scope_code=TOBACCO, industry_class="F5213")

    assert (by_person.status_code, without_scope.status_code) == (403, 403)
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/enterprise-not-registered")
    assert both.status_code == 400
