"""Who may act for an enterprise: the applicant of its establishment, and nobody else."""

from typing import Any

import httpx
import pytest

from tests.licensing.restaurant import (
    FIRE,
    MARKET,
    OWNER,
    REGISTERED,
    STRANGER,
    Restaurants,
    registration,
)
from tests.support.identities import agency_token, officer_token, person_token
from tests.support.service import ServiceUnderTest

FORM_OF = "/licensing/v1/industries/restaurant/form"
SUBMIT = "licensing.application.submit"


async def form_for(licensing: ServiceUnderTest, uscc: str, token: str) -> httpx.Response:
    return await licensing.get(FORM_OF, token, uscc=uscc)


def told(answer: httpx.Response, uscc: str) -> dict[str, Any]:
    """A problem without what differs from call to call."""
    problem: dict[str, Any] = {k: v for k, v in answer.json().items() if k not in ("instance", "request_id")}
    return {k: v.replace(uscc, "-") if isinstance(v, str) else v for k, v in problem.items()}


@pytest.mark.parametrize(
    "token",
    [
        STRANGER,
        person_token("stranger-2", SUBMIT, acted_by="gateway"),
        officer_token("stranger-3", MARKET, SUBMIT),
        agency_token("client-of-fire", FIRE, SUBMIT),
        agency_token("owner-1", FIRE, SUBMIT),
    ],
    ids=["person", "through the matter", "officer", "agency client", "client called as the holder"],
)
async def test_an_enterprise_is_not_there_for_whoever_did_not_apply_for_it(
    licensing: ServiceUnderTest, restaurants: Restaurants, token: str
) -> None:
    uscc = await restaurants.registered()

    applied = await restaurants.apply(uscc, token)
    form = await form_for(licensing, uscc, token)

    assert (applied.status_code, form.status_code) == (404, 404)
    assert applied.json()["type"] == form.json()["type"] == "/problems/enterprise-not-found"
    assert "retry-after" not in applied.headers
    assert "蒲津" not in form.text
    assert await licensing.rows("SELECT 1 FROM application WHERE uscc = :u", u=uscc) == []


@pytest.mark.parametrize("state", ["active", "dissolved"])
async def test_a_refused_stranger_learns_nothing_of_the_enterprise(
    licensing: ServiceUnderTest, restaurants: Restaurants, state: str
) -> None:
    held = await restaurants.registered(state=state, scope="F5213-01")
    imported = await restaurants.registered(holder=None)

    answers = [(await restaurants.apply(uscc, STRANGER), uscc) for uscc in (held, imported)]

    assert told(*answers[0]) == told(*answers[1])


async def test_the_matter_applies_with_the_persons_own_right(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()

    token = person_token("owner-1", SUBMIT, acted_by="gateway")

    assert (await form_for(licensing, uscc, token)).status_code == 200
    assert (await restaurants.apply(uscc, token)).status_code == 201


async def test_an_imported_enterprise_has_no_holder_yet(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered(holder=None)

    assert (await restaurants.apply(uscc, OWNER)).status_code == 404
    assert (await form_for(licensing, uscc, OWNER)).status_code == 404


async def test_until_the_holder_is_told_everybody_is_asked_to_come_again(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = restaurants.new_uscc()
    filing = f"late-{uscc}"
    await licensing.hear(REGISTERED, uscc, registration(uscc) | {"filing_id": filing})
    await restaurants.known("enterprise", uscc)

    early = [await restaurants.apply(uscc, OWNER), await form_for(licensing, uscc, STRANGER)]
    await restaurants.filed(filing, "owner-1", uscc)
    await restaurants.known("enterprise_holder", uscc)
    later = [await restaurants.apply(uscc, STRANGER), await restaurants.apply(uscc, OWNER)]

    assert [answer.status_code for answer in early] == [409, 409]
    assert all(answer.json()["type"] == "/problems/enterprise-unknown" for answer in early)
    assert all(answer.headers["retry-after"] == "2" for answer in early)
    assert [answer.status_code for answer in later] == [404, 201]


async def test_a_filing_of_another_kind_gives_nobody_an_enterprise(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = await restaurants.registered()
    await restaurants.filed(f"alteration-{uscc}", "stranger-1", uscc, kind="alteration")
    await restaurants.registered()

    assert (await restaurants.apply(uscc, STRANGER)).status_code == 404
    assert (await restaurants.apply(uscc, OWNER)).status_code == 201


async def test_who_submits_a_returned_filing_again_is_its_applicant(
    licensing: ServiceUnderTest, restaurants: Restaurants
) -> None:
    uscc = restaurants.new_uscc()
    filing = f"again-{uscc}"
    await licensing.hear(REGISTERED, uscc, registration(uscc) | {"filing_id": filing})
    submitted = {"filing_id": filing, "kind": "establishment", "applicant": "stranger-1", "name": "蒲津"}
    await licensing.hear("cn.tongban.registration.filing.submitted.v1", filing, submitted)
    await restaurants.filed(filing, "owner-1", uscc)
    await restaurants.known("enterprise", uscc)
    await restaurants.known("enterprise_holder", uscc)

    assert (await restaurants.apply(uscc, STRANGER)).status_code == 404
    assert (await restaurants.apply(uscc, OWNER)).status_code == 201
