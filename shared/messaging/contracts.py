"""Event contracts: the JSON Schema and an example of every published event, served and kept in the repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from shared.messaging.events import EventType, Payload
from shared.security.access import public
from shared.web.problems import NOT_FOUND, Refusal
from shared.web.routes import ServiceRoute

PayloadClass = type[Payload]


@dataclass(frozen=True)
class Published:
    """A kind of event that a service publishes: its type, payload model, an example and what it tells."""

    type: EventType
    payload: PayloadClass
    example: Payload
    summary: str

    @property
    def file_name(self) -> str:
        """Name of the contract file under the service's `contracts/`."""
        return f"{self.type.aggregate}.{self.type.verb}.v{self.type.version}.json"

    def contract(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the event's data, with its example."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": self.type.contract,
            "title": self.type.name,
            "description": self.summary,
            **{k: v for k, v in self.payload.model_json_schema(mode="serialization").items() if k != "title"},
            "examples": [self.example.model_dump(mode="json")],
        }


def contracts_router(service: str, published: Sequence[Published]) -> APIRouter:
    """Routes that list a service's event contracts and serve each one."""
    router = APIRouter(prefix=f"/{service}/v1/contracts", route_class=ServiceRoute, tags=["contracts"])
    by_name = {p.file_name: p for p in published}
    reason = public("a contract says how events look, not what they hold")

    @router.get("", dependencies=[reason], summary="List event contracts (事件契约)")
    async def list_contracts() -> dict[str, list[dict[str, str]]]:
        """List the event types of this service."""
        return {
            "contracts": [
                {
                    "type": p.type.name,
                    "nats_subject": p.type.nats_subject,
                    "schema": p.type.contract,
                    "summary": p.summary,
                }
                for p in published
            ]
        }

    @router.get("/{name}", dependencies=[reason], summary="Read an event contract")
    async def read_contract(name: str) -> JSONResponse:
        """Return the JSON Schema of an event's data."""
        if name not in by_name:
            raise Refusal(NOT_FOUND)
        return JSONResponse(by_name[name].contract(), media_type="application/schema+json")

    return router
