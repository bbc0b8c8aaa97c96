"""The services' own OpenAPI documents, fetched over HTTP and kept for a minute."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from gateway.reference.services import Service
from shared.outbound import outbound_client

log = logging.getLogger(__name__)

Document = dict[str, Any]
_FRESH_SECONDS: Final = 60.0
_RETRY_SECONDS: Final = 3.0  # a service that was away is asked again sooner
_ANSWER_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Rendered:
    """A document with its bytes and the ETag that names just these."""

    document: Document = field(repr=False)
    body: bytes = field(repr=False)
    etag: str


def rendered(document: Document, body: bytes | None = None) -> Rendered:
    """Prepare a document to be served; `body` where it came as bytes already."""
    body = body if body is not None else json.dumps(document, ensure_ascii=False).encode()
    return Rendered(document, body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@dataclass
class _Kept:
    told: Rendered | None = None
    answered_last: bool = False
    until: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True)
class Standing:
    """What a service told, now or earlier, and whether it answered when it was last asked."""

    told: Rendered | None
    answered_last: bool


class ServiceDocuments:
    """Documents by service; one that is away is asked again after seconds, its last document serves on."""

    def __init__(self, services: Iterable[Service], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._urls = {service.name: service.url for service in services if service.url is not None}
        self._kept = {name: _Kept() for name in self._urls}

    async def all(self) -> dict[str, Standing]:
        """Return how each service stands."""
        standings = await asyncio.gather(*(self.of(name) for name in self._urls))
        return dict(zip(self._urls, standings, strict=True))

    async def of(self, name: str) -> Standing:
        """Return how a service stands; one caller asks, the others wait for the answer."""
        kept = self._kept[name]
        async with kept.asking:
            if kept.until <= self._clock():
                told = await self._fetch(name)
                kept.answered_last = told is not None
                if told is not None and (kept.told is None or kept.told.etag != told.etag):
                    kept.told = told
                kept.until = self._clock() + (_FRESH_SECONDS if kept.answered_last else _RETRY_SECONDS)
        return Standing(kept.told, kept.answered_last)

    async def _fetch(self, name: str) -> Rendered | None:
        try:
            async with (
                asyncio.timeout(_ANSWER_SECONDS),
                outbound_client() as client,
            ):
                answer = await client.get(f"{self._urls[name]}/openapi.json")
            document = answer.raise_for_status().json()
            if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
                raise ValueError("no OpenAPI document")
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            log.info("document_missing", extra={"upstream": name, "reason": type(error).__name__})
            return None  # the standing says itself that the service did not answer
        return rendered(document, answer.content)
