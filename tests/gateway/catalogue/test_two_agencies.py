"""Two agencies share data: asked for, granted, read at its owner, found wrong, corrected, withdrawn, on the record."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.security.keys import SigningKey
from tests.gateway.catalogue.sharing import (
    APPROVAL_CLIENT,
    BUREAU_CLIENT,
    CORRECTIONS,
    FIRE,
    asked,
    done,
    doubt,
    step,
)
from tests.registration.builders import ANN, FILINGS, filing
from tests.support.broker import publish
from tests.support.identities import agency_token
from tests.support.service import ServiceUnderTest, service_under_test
from tests.support.waiting import eventually

ENTERPRISES = "/registration/v1/enterprises"
PURPOSE = "site_inspection"
SCOPES = ("catalogue.request.manage", "catalogue.correction.submit", "registration.enterprise.read")
FIRE_SYSTEM = agency_token("fire_rescue", FIRE, *SCOPES)
AUDITOR = agency_token("data_bureau", "11140881MB9Y00155B", "audit.record.read")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def registration(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """The owner's service, which enforces grants by itself."""
    directory = tmp_path_factory.mktemp("registration")
    key = directory / "signing-key.pem"
    key.write_bytes(SigningKey.generate().to_pem())
    settings = {"signing_key_file": key}
    async with service_under_test("registration", cluster, directory, settings=settings) as service:
        yield service


async def carried(
    source: ServiceUnderTest, target: ServiceUnderTest, name: str, subject: str
) -> dict[str, Any]:
    """Hand an event over as it was published, envelope and all."""
    event = await source.event(f"cn.tongban.{name}.v1", subject)
    await publish(target.broker, event)
    return event


async def test_data_are_asked_for_granted_read_corrected_withdrawn_and_audited(
    gateway: ServiceUnderTest, registration: ServiceUnderTest
) -> None:
    uscc = (await registration.post(FILINGS, filing(), ANN)).json()["uscc"]

    async def opens(expected: int) -> dict[str, Any]:
        async def found() -> dict[str, Any] | None:
            answer = await registration.get(f"{ENTERPRISES}/{uscc}", FIRE_SYSTEM, purpose=PURPOSE)
            return dict(answer.json()) if answer.status_code == expected else None

        told = await eventually(found)
        assert told is not None
        return told

    # Asked for and granted: from then on, and only then, the owner's service opens the field.
    before = await opens(403)
    fields = ["uscc", "contact_phone"]
    request = await asked(gateway, FIRE_SYSTEM, fields=fields, purpose=PURPOSE, matter="消防监督检查")
    agreed = await step(gateway, request, "agreement", {}, APPROVAL_CLIENT)
    grant = agreed["answer"]["grant_id"]
    await carried(gateway, registration, "gateway.grant.issued", grant)
    read = await opens(200)
    await step(gateway, request, "receipt", None, FIRE_SYSTEM)

    # What was read is found wrong; the owner answers, and whoever holds the datum is told.
    raised = await done(await gateway.post(CORRECTIONS, doubt(record_key=uscc), FIRE_SYSTEM), 201)
    answer = {"outcome": "confirmed", "reason": "经核实无误"}
    path = f"{CORRECTIONS}/{raised['correction_id']}/answer"
    await done(await gateway.post(path, answer, APPROVAL_CLIENT))
    told = await gateway.event("cn.tongban.gateway.correction.answered.v1", raised["correction_id"])

    # Withdrawn: nothing opens any more.
    withdrawal = f"/catalogue/v1/grants/{grant}/withdrawal"
    await done(await gateway.post(withdrawal, None, BUREAU_CLIENT))
    await carried(gateway, registration, "gateway.grant.withdrawn", grant)
    after = await opens(403)

    # Every reading, allowed and refused, is in the audit log.
    for event in await registration.events("cn.tongban.registration.access.recorded.v1", uscc):
        await publish(gateway.broker, event)

    async def on_record() -> set[str] | None:
        entries = (await done(await gateway.get("/audit/v1/records", AUDITOR, limit=200)))["entries"]
        results = {
            each["result"] for each in entries if each["record_key"] == uscc and each["purpose"] == PURPOSE
        }
        return results if results == {"allowed", "denied"} else None

    assert (before["missing"], after["missing"]) == ("grant", "withdrawn")
    assert (read["contact_phone"], read["legal_representative_name"]) == ("13800000000", None)
    assert FIRE in told["data"]["audience"]
    assert await eventually(on_record) == {"allowed", "denied"}
