"""The services' event contracts over HTTP, kept for a short while."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.subscriptions.domain.event_type import DeclaredType, Directory
from shared.outbound import outbound_client

log = logging.getLogger(__name__)

_FRESH_SECONDS: Final = 30.0
_RETRY_SECONDS: Final = 3.0  # a service that was away is asked again sooner
_ANSWER_SECONDS: Final = 2.0


class _Contract(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: Annotated[str, Field(max_length=200)]
    nats_subject: Annotated[str, Field(max_length=200)]
    schema_path: Annotated[str, Field(max_length=300, alias="schema")]
    summary: Annotated[str, Field(max_length=500)]


class _Contracts(BaseModel):
    model_config = ConfigDict(extra="ignore")

    contracts: list[_Contract]


class ContractDirectory:
    """All event types: those of the services, asked at `/<service>/v1/contracts`, and the own ones.

    A service that is away keeps the types that it last told; one never heard is named as unreachable.
    """

    def __init__(self, services: Mapping[str, str], own: Sequence[DeclaredType]) -> None:
        self._services = services
        self._own = tuple(own)
        self._told: dict[str, tuple[DeclaredType, ...]] = {}
        self._stale_at = 0.0
        self._asking = asyncio.Lock()

    async def refresh(self) -> None:
        """Ask all services where the last answer has grown old; one caller asks, the others wait for it."""
        async with self._asking:
            if time.monotonic() < self._stale_at:
                return
            async with outbound_client(_ANSWER_SECONDS) as client:
                reached = await asyncio.gather(*(self._ask(client, *s) for s in self._services.items()))
            self._stale_at = time.monotonic() + (_FRESH_SECONDS if all(reached) else _RETRY_SECONDS)

    def known(self) -> Directory:
        """Return what has been told so far."""
        told = [declared for service in self._services for declared in self._told.get(service, ())]
        types = sorted((*told, *self._own), key=lambda declared: declared.name)
        return Directory(tuple(types), tuple(s for s in self._services if s not in self._told))

    async def _ask(self, client: httpx.AsyncClient, service: str, url: str) -> bool:
        try:
            answer = await client.get(f"{url.rstrip('/')}/{service}/v1/contracts")
            answer.raise_for_status()
            contracts = _Contracts.model_validate_json(answer.content).contracts
        except (httpx.HTTPError, ValidationError) as error:
            log.warning("contracts_not_told", extra={"service": service, "reason": type(error).__name__})
            return False  # the directory says itself what is missing
        self._told[service] = tuple(
            DeclaredType(c.type, c.nats_subject, c.schema_path, c.summary) for c in contracts
        )
        return True
