"""Sharing is measured in public: each department, each figure with numerator and denominator."""

from datetime import UTC, datetime
from typing import Any

from tests.gateway.catalogue.sharing import (
    APPROVAL,
    APPROVAL_CLIENT,
    POLICE_CLIENT,
    TAX,
    TAX_CLIENT,
    asked,
    done,
    step,
)
from tests.gateway.catalogue.test_requests import REFUSAL
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

STATISTICS = "/catalogue/v1/statistics"
ACCESS = "cn.tongban.registration.access.recorded.v1"


async def figures(gateway: ServiceUnderTest, agency: str) -> dict[str, Any]:
    found = await done(await gateway.get(STATISTICS))
    return next(each for each in found["departments"] if each["agency_uscc"] == agency)


async def test_each_department_has_its_figures(gateway: ServiceUnderTest) -> None:
    agreed, refused = await asked(gateway), await asked(gateway)
    await asked(gateway, POLICE_CLIENT)
    await step(gateway, agreed, "agreement", {}, APPROVAL_CLIENT)
    await step(gateway, refused, "refusal", REFUSAL, APPROVAL_CLIENT)
    for number, result in enumerate(("allowed", "allowed", "denied")):
        read = {
            "reader": "client:tax",
            "client_id": "tax",
            "agency_uscc": TAX,
            "resource": "registration.enterprise",
            "record_key": f"9114088100000000{number}",
            "fields": ["contact_phone"],
            "result": result,
            "at": datetime.now(UTC).isoformat(),
        }
        await gateway.hear(ACCESS, str(read["record_key"]), read)

    async def counted() -> bool:
        return bool((await figures(gateway, APPROVAL))["calls_received"] == 3)

    await eventually(counted)
    owner, reader = await figures(gateway, APPROVAL), await figures(gateway, TAX)

    assert (owner["requests_received"], reader["requests_made"]) == (3, 2)
    assert owner["answered"] == {"numerator": 2, "denominator": 3, "value": "0.6667"}
    assert owner["refused"] == {"numerator": 1, "denominator": 2, "value": "0.5000"}
    assert owner["answered_in_time"]["value"] == "1.0000"
    assert owner["median_working_days"] == "0.00"
    assert owner["call_success"] == {"numerator": 2, "denominator": 3, "value": "0.6667"}
    assert (reader["calls_made"], reader["calls_received"]) == (3, 0)
    assert owner["entries"] == 2
    assert reader["connected_systems"] == {"numerator": 0, "denominator": 0, "value": None}


async def test_a_period_that_ends_before_it_begins_is_refused(gateway: ServiceUnderTest) -> None:
    answer = await gateway.get(STATISTICS, first="2026-03-02", last="2026-03-01")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "query:first")


async def test_what_began_outside_the_period_is_not_counted(gateway: ServiceUnderTest) -> None:
    await asked(gateway, TAX_CLIENT)

    found = await done(await gateway.get(STATISTICS, first="2020-01-01", last="2020-12-31"))

    assert {each["requests_received"] for each in found["departments"]} == {0}
