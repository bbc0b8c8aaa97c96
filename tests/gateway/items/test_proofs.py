"""The list of proofs: four statements an entry, kept by one agency, followed by the items within seven working days."""

from datetime import timedelta
from typing import Any

import pytest

from shared.calendar import local_date
from tests.gateway.items.builders import BUREAU_CLIENT, MARKET_CLIENT, drafted, published
from tests.support.service import ServiceUnderTest

PROOFS = "/catalogue/v1/proofs"


def entry(code: str, **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": {"zh": "相邻业主同意证明"},
        "legal_basis": "民法典第二百七十九条",
        "requesting_unit": "永济市城市管理局",
        "issuing_unit": "相邻业主",
        "guide": {"zh": "由相邻业主签字"},
    } | changed


async def kept(gateway: ServiceUnderTest, code: str) -> dict[str, Any]:
    entries = (await gateway.get(PROOFS, limit=200)).json()["entries"]
    found: dict[str, Any] = next(each for each in entries if each["code"] == code)
    return found


async def test_a_proof_may_be_asked_for_while_it_is_listed_and_late_items_are_shown(
    gateway: ServiceUnderTest,
) -> None:
    material = {"code": "consent", "title": {"zh": "同意证明"}, "source": "applicant", "proof": "neighbours"}
    listed = await gateway.post(PROOFS, entry("neighbours"), BUREAU_CLIENT)
    await drafted(gateway, "urban.proof", materials=[material])
    await published(gateway, "urban.proof")

    cancelled = await gateway.post(f"{PROOFS}/neighbours/cancellation", {}, BUREAU_CLIENT)
    again = await gateway.post(f"{PROOFS}/neighbours/cancellation", {}, BUREAU_CLIENT)
    lagging = await kept(gateway, "neighbours")
    gateway.clock.advance(timedelta(days=30))
    late = await kept(gateway, "neighbours")
    gateway.clock.advance(timedelta(days=-30))

    assert (listed.status_code, cancelled.status_code, again.status_code) == (201, 200, 409)
    assert (lagging["still_asked_by"], lagging["is_overdue"]) == (["urban.proof"], False)
    assert (late["still_asked_by"], late["is_overdue"]) == (["urban.proof"], True)


async def test_an_entry_that_comes_to_the_list_too_late_is_shown_as_overdue(
    gateway: ServiceUnderTest,
) -> None:
    introduced = local_date(gateway.clock()) - timedelta(days=30)

    await gateway.post(PROOFS, entry("late", introduced_on=introduced.isoformat()), BUREAU_CLIENT)

    assert (await kept(gateway, "late"))["is_overdue"]


@pytest.mark.parametrize("missing", ["legal_basis", "requesting_unit", "issuing_unit", "guide"])
async def test_an_entry_needs_its_four_statements(gateway: ServiceUnderTest, missing: str) -> None:
    body = {name: value for name, value in entry("short").items() if name != missing}

    answer = await gateway.post(PROOFS, body, BUREAU_CLIENT)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{missing}"


async def test_only_its_keeper_changes_the_list(gateway: ServiceUnderTest) -> None:
    first = await gateway.post(PROOFS, entry("once"), BUREAU_CLIENT)
    twice = await gateway.post(PROOFS, entry("once"), BUREAU_CLIENT)
    strange = await gateway.post(PROOFS, entry("strange"), MARKET_CLIENT)
    cancelling = await gateway.post(f"{PROOFS}/once/cancellation", {}, MARKET_CLIENT)

    statuses = [each.status_code for each in (first, twice, strange, cancelling)]
    assert statuses == [201, 409, 403, 403]
