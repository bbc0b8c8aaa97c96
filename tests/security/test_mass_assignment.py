"""What a caller may not set: fields that are the service's own are refused by their place and change nothing (A05)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from tests.hotline import steps as hotline
from tests.licensing.restaurant import ANSWERS, APPLICATIONS, FORM, OWNER, Restaurants
from tests.registration.builders import ANN, FILINGS, filing
from tests.support.identities import bearer
from tests.support.service import ServiceUnderTest, service_under_test

OWN_TO_THE_SERVICE: dict[str, Any] = {
    "status": "approved",
    "state": "closed",
    "id": "01900000-0000-7000-8000-000000000001",
    "version": 99,
    "agency": "11140881MB9Y00016L",
    "agency_uscc": "11140881MB9Y00016L",
    "applicant": "somebody-else",
    "credit_grade": "A",
    "licence_identifier": "1.2.156.3005.2.X",
    "decided_by": "officer",
    "created_at": "2020-01-01T00:00:00Z",
    "submitted_at": "2020-01-01T00:00:00Z",
    "__proto__": {"status": "approved"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["registration", "licensing", "hotline"])
async def service(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """One service after the other."""
    directory = tmp_path_factory.mktemp(request.param)
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    settings = {} if request.param == "hotline" else {"signing_key_file": key}
    async with service_under_test(request.param, cluster, directory, settings=settings) as running:
        yield running


async def sound(service: ServiceUnderTest) -> tuple[str, dict[str, Any], str, str]:
    """A sound command of a service: path, body, token, and the table that it fills."""
    match service.name:
        case "registration":
            return FILINGS, filing(), ANN, "filing"
        case "licensing":
            body = {"industry_code": "restaurant", "answers": ANSWERS, "form": FORM}
            return (
                APPLICATIONS,
                body | {"uscc": await Restaurants(service).registered()},
                OWNER,
                "application",
            )
        case _:
            return hotline.TICKETS, hotline.request(), hotline.OWNER, "ticket"


async def count(service: ServiceUnderTest, table: str) -> int:
    """Rows of a table."""
    [row] = await service.rows(f"SELECT count(*) AS found FROM {table}")  # noqa: S608 - named above
    found: int = row["found"]
    return found


async def test_a_command_with_a_field_of_the_services_own_is_refused(service: ServiceUnderTest) -> None:
    path, body, token, table = await sound(service)
    before = await count(service, table)

    answers = {
        name: await service.post(path, body | {name: value}, token)
        for name, value in OWN_TO_THE_SERVICE.items()
        if name not in body
    }
    taken = await service.post(path, body, token)

    for name, answer in answers.items():
        assert answer.status_code == 400, (name, answer.text)
        assert f"/{name}" in [fault["pointer"] for fault in answer.json()["errors"]]
    assert taken.status_code == 201, taken.text
    assert await count(service, table) == before + 1


async def test_a_field_of_the_services_own_is_refused_at_every_depth(service: ServiceUnderTest) -> None:
    path, body, token, table = await sound(service)
    inner = {"registration": "domicile", "licensing": "form", "hotline": "contact"}[service.name]
    before = await count(service, table)

    answer = await service.post(path, body | {inner: body[inner] | {"is_verified": True}}, token)

    assert answer.status_code == 400, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{inner}/is_verified"]
    assert await count(service, table) == before


@pytest.mark.parametrize("service", ["registration"], indirect=True)
async def test_a_correction_sets_no_more_than_a_filing_does(service: ServiceUnderTest) -> None:
    returned = await service.post(FILINGS, filing(service_address_confirmed=False), ANN)
    record = f"{FILINGS}/{returned.json()['id']}"
    headers = bearer(ANN) | {"If-Match": "*"}

    answers = [
        await service.client.put(record, json=filing() | {name: value}, headers=headers)
        for name, value in OWN_TO_THE_SERVICE.items()
    ]

    assert returned.json()["status"] == "returned", returned.text
    assert {answer.status_code for answer in answers} == {400}
    assert (await service.get(record, ANN)).json() == returned.json()
