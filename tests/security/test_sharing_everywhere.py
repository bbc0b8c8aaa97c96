"""Credit, licensing and hotline heed the same grants as the register does (A06, A07, A08, V06)."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.credit.builders import SUBJECTS, an_open_subject
from tests.credit.conftest import credit
from tests.hotline.conftest import hotline
from tests.hotline.steps import submit
from tests.licensing.conftest import licensing, restaurants
from tests.licensing.restaurant import Restaurants
from tests.licensing.test_permits import granted
from tests.support.grants import heard_grant, heard_withdrawal
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually

__all__ = ["credit", "hotline", "licensing", "restaurants"]

TAX = "11140881MB9Y000405"
TAX_CLIENT = agency_token(
    "tax", TAX, "credit.subject.read", "hotline.ticket.read", "licensing.application.read"
)


@dataclass(frozen=True)
class Shared:
    """Something of a service that is read by grant: where, under which key, as which resource."""

    path: str
    key: str
    resource: str


@pytest.fixture
async def evaluation(credit: ServiceUnderTest) -> Shared:
    uscc = await an_open_subject(credit)
    return Shared(f"{SUBJECTS}/{uscc}/evaluation", uscc, "credit.evaluation")


@pytest.fixture
async def records(credit: ServiceUnderTest) -> Shared:
    uscc = await an_open_subject(credit)
    return Shared(f"{SUBJECTS}/{uscc}/records", uscc, "credit.record")


@pytest.fixture
async def ticket(hotline: ServiceUnderTest) -> Shared:
    number = (await submit(hotline))["number"]
    return Shared(f"/hotline/v1/tickets/{number}/shared", number, "hotline.ticket")


@pytest.fixture
async def permit(licensing: ServiceUnderTest, restaurants: Restaurants) -> Shared:
    number = (await granted(licensing, restaurants))["permit_number"]
    return Shared(f"/licensing/v1/permits/{number}", number, "licensing.permit")


async def heeds(service: ServiceUnderTest, shared: Shared, *fields: str) -> Any:
    """Walk a grant through its life; returns what was told while it held."""
    accessed = f"cn.tongban.{service.name}.access.recorded.v1"
    grant = await heard_grant(service, TAX, shared.resource, *fields)

    async def missing(**stated: str) -> str:
        answer = await service.get(shared.path, TAX_CLIENT, **stated)
        return "" if answer.status_code == 200 else str(answer.json().get("missing"))

    async def is_withdrawn() -> bool:
        return await missing(purpose=grant["purpose"]) == "withdrawn"

    assert await missing(fields=fields[0]) == "purpose"
    assert await missing(purpose="another_purpose") == "grant"
    assert await missing(purpose=grant["purpose"], fields="something_else") == "fields"
    told = await service.get(shared.path, TAX_CLIENT, purpose=grant["purpose"])
    assert told.status_code == 200, told.text
    await heard_withdrawal(service, grant)
    assert await eventually(is_withdrawn, within=5)
    results = [event["data"]["result"] for event in await service.events(accessed, shared.key)]
    assert results[:4] == ["denied", "denied", "denied", "allowed"]
    assert results[-1] == "denied"
    return told.json()


async def test_credit_opens_a_score_by_grant(credit: ServiceUnderTest, evaluation: Shared) -> None:
    plain = (await credit.get(evaluation.path, TAX_CLIENT)).json()

    told = await heeds(credit, evaluation, "score")

    assert (plain["score"], told["score"]) == (None, "80.00")


async def test_credit_opens_records_shared_on_conditions_by_grant(
    credit: ServiceUnderTest, records: Shared
) -> None:
    await heeds(credit, records, "conditional_records")


async def test_licensing_holds_whoever_states_a_purpose_to_a_grant(
    licensing: ServiceUnderTest, permit: Shared
) -> None:
    plain = await licensing.get(permit.path, TAX_CLIENT)

    told = await heeds(licensing, permit, "status", "item")

    assert told == plain.json()


async def test_the_hotline_opens_exactly_the_granted_fields_of_a_ticket(
    hotline: ServiceUnderTest, ticket: Shared
) -> None:
    told = await heeds(hotline, ticket, "status", "category")

    assert set(told) == {"ticket_number", "category", "status", "caller_phone"}
    assert (told["status"], told["ticket_number"]) == ("dispatched", None)
    assert "*" in told["caller_phone"]


async def test_whether_a_ticket_exists_is_told_under_a_grant_only(
    hotline: ServiceUnderTest, ticket: Shared
) -> None:
    absent = ticket.path.replace(ticket.key, "HT-140881-20200101-000001-C")
    grant = await heard_grant(hotline, TAX, ticket.resource, "status")

    without = [await hotline.get(path, TAX_CLIENT) for path in (ticket.path, absent)]
    under_it = await hotline.get(absent, TAX_CLIENT, purpose=grant["purpose"])

    assert [answer.json()["missing"] for answer in without] == ["purpose", "purpose"]
    assert under_it.status_code == 404


@pytest.mark.parametrize("claimed", ["80.00", "79.99"])
async def test_a_score_is_verified_without_being_told(
    credit: ServiceUnderTest, evaluation: Shared, claimed: str
) -> None:
    grant = await heard_grant(credit, TAX, evaluation.resource, "score", ways=["verify"])
    body = {"purpose": grant["purpose"], "claims": [{"field": "score", "value": claimed}]}

    answer = await credit.post(f"{SUBJECTS}/{evaluation.key}/verification", body, TAX_CLIENT)

    verdict = "match" if claimed == "80.00" else "no_match"
    assert answer.json() == {"verdicts": [{"field": "score", "verdict": verdict}]}


async def test_a_permit_is_verified_by_claim(licensing: ServiceUnderTest, permit: Shared) -> None:
    grant = await heard_grant(licensing, TAX, permit.resource, "status", ways=["verify"])
    body = {"purpose": grant["purpose"], "claims": [{"field": "status", "value": "01"}]}

    answer = await licensing.post(f"{permit.path}/verification", body, TAX_CLIENT)

    assert answer.json() == {"verdicts": [{"field": "status", "verdict": "match"}]}
