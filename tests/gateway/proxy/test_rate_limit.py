"""A caller that sends too much is told when to come back; others are untouched."""

import asyncio
from typing import Any

import pytest

from tests.gateway.browser import browser
from tests.support.identities import bearer, person_token
from tests.support.service import ServiceUnderTest


@pytest.fixture(scope="module")
def extra_settings() -> dict[str, Any]:
    """A limit that a test meets quickly, and that refills slowly enough to be seen."""
    return {"rate_per_second": 0.01, "rate_burst": 5}


async def test_who_sends_too_much_is_told_to_wait_and_others_are_not(gateway: ServiceUnderTest) -> None:
    ann, bob = bearer(person_token("ann")), bearer(person_token("bob"))

    answers = await asyncio.gather(*(gateway.client.get("/docs", headers=ann) for _ in range(9)))
    other = await gateway.client.get("/docs", headers=bob)

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 4
    assert other.status_code == 200
    assert refused[0].json()["type"] == "/problems/too-many-requests"
    assert int(refused[0].headers["retry-after"]) > 1
    assert refused[0].headers["ratelimit"].startswith('"caller";r=0')
    assert refused[0].headers["x-tongban-origin"] == "gateway"


async def test_another_token_of_the_same_person_has_no_allowance_of_its_own(
    gateway: ServiceUnderTest,
) -> None:
    answers = [
        await gateway.client.get("/hotline/v1/tickets", headers=bearer(person_token("cid"))) for _ in range(6)
    ]

    assert [answer.status_code for answer in answers] == [502] * 5 + [429]


async def test_without_a_good_token_the_address_counts_whatever_is_sent(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app, address="192.0.2.7") as guesser:
        answers = [
            await guesser.get(
                "/hotline/v1/tickets",
                headers=bearer(f"guess-{number}") | {"X-Forwarded-For": f"10.0.0.{number}"},
            )
            for number in range(7)
        ]
    async with browser(gateway.app, address="192.0.2.8") as other:
        elsewhere = await other.get("/docs")

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert elsewhere.status_code == 200


async def test_probes_and_keys_are_not_limited(gateway: ServiceUnderTest) -> None:
    async with browser(gateway.app, address="192.0.2.9") as service:
        answers = [await service.get("/.well-known/jwks.json") for _ in range(9)]

    assert {answer.status_code for answer in answers} == {200}
