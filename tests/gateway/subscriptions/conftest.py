"""A neighbour that serves its event contracts over real HTTP, as registration and credit do."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI

from gateway.subscriptions.sweeps import ForgetEvents, OpenAcknowledgements
from gateway.subscriptions.use_cases.acknowledge import duties_of
from shared.app import build_app
from shared.messaging.contracts import Published, contracts_router
from shared.messaging.events import EventType, Payload
from shared.settings import Mode
from tests.gateway.subscriptions.listening import listening
from tests.probe.settings import HotlineSettings
from tests.support.identities import ISSUER, KEYS
from tests.support.service import REGION_PACK, ServiceUnderTest


class Registered(Payload):
    """What a test needs of an enterprise's registration."""

    uscc: str


def _published(service: str, aggregate: str, verb: str) -> Published:
    return Published(EventType(service, aggregate, verb), Registered, Registered(uscc="x"), "A fact (事实)")


NEIGHBOURS = {
    "registration": (
        _published("registration", "enterprise", "registered"),
        _published("registration", "filing", "submitted"),
        _published("registration", "access", "recorded"),
    ),
    "credit": (_published("credit", "subject", "evaluated"), _published("credit", "subject", "opened")),
}


def _app(service: str) -> FastAPI:
    settings = HotlineSettings(
        mode=Mode.LOCAL,
        region_pack=REGION_PACK,
        nats_url="nats://127.0.0.1:9",
        public_url=ISSUER,
        identity_url=ISSUER,
        database_url="postgresql+asyncpg://nobody@127.0.0.1:9/none",
        nats_user=service,
        nats_password="x",
        secret="x",
    )
    return build_app(
        service=service,
        package="tests.probe",
        title=service,
        settings=settings,
        region_code="140881",
        routers=(contracts_router(service, NEIGHBOURS[service]),),
        problem_table={},
        keys=KEYS,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def neighbours() -> AsyncIterator[dict[str, str]]:
    """Base URLs of neighbours that are there."""
    async with AsyncExitStack() as stack:
        yield {service: await stack.enter_async_context(listening(_app(service))) for service in NEIGHBOURS}


async def forget_all(gateway: ServiceUnderTest) -> int:
    """Every department takes everything; then all goes that was followed by something newer."""
    transactions = gateway.app.state.backend.transactions
    await transactions.run(OpenAcknowledgements(duties_of(gateway.app.state.region)))
    await gateway.rows_changed(
        "UPDATE subscription_acknowledgement SET acknowledged_at = now(), way = 'stated'"
        " WHERE acknowledged_at IS NULL"
    )
    return int(await transactions.run(ForgetEvents(timedelta(days=-1))))


@pytest.fixture(scope="module")
def extra_settings(neighbours: dict[str, str]) -> dict[str, Any]:
    """Registration and credit are there, licensing and the hotline are not."""
    return {f"{service}_url": url for service, url in neighbours.items()}
