"""A part with a fee waits until it is paid; one without never does."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.postgres import Cluster
from shared.region import load_region_pack
from tests.gateway.conftest import gateway_settings
from tests.gateway.matters.conftest import Front
from tests.gateway.matters.services import fake_services
from tests.support.clock import SettableClock
from tests.support.identities import person_token
from tests.support.service import REGION_PACK, service_under_test
from tests.support.waiting import eventually

PAYER = person_token("ann", "payments.payment.read", "payments.payment.pay")
LICENSING = "      - key: licensing\n"


def priced(directory: Path) -> Path:
    """The region's pack, where the permit of a restaurant costs 50 yuan."""
    pack = directory / "priced"
    shutil.copytree(REGION_PACK, pack)
    themes = (pack / "matters.yaml").read_text()
    (pack / "matters.yaml").write_text(
        themes.replace(LICENSING, f"{LICENSING}        fee_fen: 5000\n        fee_basis: 收费目录第12项\n", 1)
    )
    return pack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def front(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, clock: SettableClock
) -> AsyncIterator[Front]:
    """As in the other modules, under that pack."""
    directory = tmp_path_factory.mktemp("fees")
    pack = priced(directory)
    async with fake_services() as services:
        settings = gateway_settings(directory) | {
            "registration_url": services.url,
            "licensing_url": services.url,
            "region_pack": pack,
        }
        async with service_under_test(
            "gateway", cluster, directory, package="gateway", settings=settings, clock=clock
        ) as gateway:
            yield Front(gateway, services, load_region_pack(pack))


async def due(front: Front, matter: dict[str, Any]) -> dict[str, Any]:
    """The payment that a matter waits for."""

    async def asked() -> dict[str, Any] | None:
        shown = (await front.gateway.get("/payments/v1/payments", PAYER)).json()["entries"]
        return next((each for each in shown if each["case_no"] == matter["case_no"]), None)

    found = await eventually(asked)
    assert found is not None
    return found


async def test_a_part_with_a_fee_begins_when_it_is_paid_and_only_then(front: Front) -> None:
    opened = await front.opened()
    waiting = await front.until(opened["id"], registration="completed", licensing="awaiting_payment")
    payment = await due(front, waiting)

    paid = await front.gateway.post(
        f"/payments/v1/payments/{payment['payment_id']}/local-payment", None, PAYER
    )
    twice = await front.gateway.post(
        f"/payments/v1/payments/{payment['payment_id']}/local-payment", None, PAYER
    )
    begun = await front.until(opened["id"], licensing="submitted")

    assert (payment["amount_fen"], payment["state"]) == (5000, "unpaid")
    assert paid.status_code == 200, paid.text
    assert twice.status_code == 409  # paid once
    assert {task["state"] for task in begun["tasks"]} == {"assigned"}


async def test_what_is_not_paid_is_void_once_the_matter_is_withdrawn(front: Front) -> None:
    opened = await front.opened()
    waiting = await front.until(opened["id"], registration="completed", licensing="awaiting_payment")
    payment = await due(front, waiting)

    answer = await front.gateway.post(f"/matters/v1/matters/{opened['id']}/withdrawal", None, front.person())

    async def is_void() -> bool:
        shown = await front.gateway.get(f"/payments/v1/payments/{payment['payment_id']}", PAYER)
        return bool(shown.json()["state"] == "void")

    assert answer.status_code == 200, answer.text
    await eventually(is_void)
