"""Peers of the city: agencies that answer for outside systems."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from gateway.integrations.contracts import load_contracts
from gateway.integrations.domain.contract import Contracts, SentEvent
from gateway.integrations.pages import cloud_event
from shared.region import RegionPack, load_region_pack
from tests.support.identities import agency_token, still_good
from tests.support.service import REGION_PACK, ServiceUnderTest

Json = dict[str, Any]
EVENTS = "/integrations/v1/events"
SEND, READ = "integrations.event.send", "integrations.record.read"
FOLLOW = "subscriptions.subscription.manage"


@dataclass
class Peers:
    """The gateway and the agencies that send to it."""

    gateway: ServiceUnderTest
    contracts: Contracts = field(default_factory=load_contracts)
    pack: RegionPack = field(default_factory=lambda: load_region_pack(REGION_PACK))

    def token(self, agency: str, *more: str) -> str:
        """A token of the agency's own client."""
        return agency_token(agency, self.pack.agency(agency).uscc, SEND, READ, FOLLOW, *more)

    def kind(self, system: str, verb: str) -> SentEvent:
        """A kind of event."""
        found = self.contracts.event(f"cn.tongban.external.{system}.{verb}.v1")
        assert found is not None
        return found

    def event(self, system: str, verb: str, **changed: Any) -> Json:
        """An event that nobody sent before, as the contract's example has it."""
        return cloud_event(self.kind(system, verb)) | {"id": str(uuid4())} | changed

    def sender(self, system: str) -> str:
        """A token of the agency that answers for the system."""
        found = self.contracts.system(system)
        assert found is not None
        return self.token(found.agency)

    async def send(self, event: Json, token: str, **headers: str) -> Any:
        """Send it as any outsider does: without an idempotency key."""
        sent = {"Authorization": f"Bearer {still_good(token)}", **headers}
        return await self.gateway.client.post(EVENTS, json=event, headers=sent)

    async def hand_in(self, system: str, content: str, media: str, token: str, **query: str) -> Any:
        """Hand in a file."""
        return await self.gateway.client.post(
            f"/integrations/v1/files/{system}",
            content=content.encode(),
            params=query,
            headers={"Authorization": f"Bearer {still_good(token)}", "Content-Type": media},
        )

    async def told(self, external_id: str) -> list[Json]:
        """What the gateway told of an event."""
        events = await self.gateway.events("cn.tongban.gateway.external.received.v1")
        return [each["data"] for each in events if each["data"]["external_id"] == external_id]


@pytest.fixture(scope="module")
def peers(gateway: ServiceUnderTest) -> Peers:
    """Outside systems."""
    return Peers(gateway)
