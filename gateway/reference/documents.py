"""The services' own OpenAPI documents, fetched through the proxy's client and kept for a minute."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.proxy.paths import Upstream
from gateway.proxy.upstream import Call, UpstreamBroken, UpstreamClient, UpstreamTimeout, UpstreamUnreachable

log = logging.getLogger(__name__)

Document = dict[str, Any]
_FRESH_SECONDS = 60.0
_MISSING_SECONDS = 3.0


@dataclass(frozen=True)
class _Kept:
    document: Document | None
    until: float


@dataclass
class ServiceDocuments:
    """Documents by service; one that is away is asked again after seconds, its last document serves on."""

    upstreams: Sequence[Upstream]
    client: UpstreamClient
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def all(self) -> dict[str, Document]:
        """Return the document of every service that has answered so far."""
        async with self._lock:
            await asyncio.gather(*(self._refresh(upstream) for upstream in self.upstreams))
        return {name: kept.document for name, kept in self._kept.items() if kept.document is not None}

    async def _refresh(self, upstream: Upstream) -> None:
        kept = self._kept.get(upstream.name)
        if kept is not None and kept.until > time.monotonic():
            return
        document = await self._fetch(upstream)
        seconds = _FRESH_SECONDS if document else _MISSING_SECONDS
        self._kept[upstream.name] = _Kept(
            document or (kept.document if kept else None), time.monotonic() + seconds
        )

    async def _fetch(self, upstream: Upstream) -> Document | None:
        try:
            async with self.client.send(Call("GET", f"{upstream.url}/openapi.json", [])) as answer:
                body = b"".join([piece async for piece in answer.pieces()])
                document = json.loads(body) if answer.status == 200 else None
        except (UpstreamUnreachable, UpstreamTimeout, UpstreamBroken, ValueError) as error:
            log.info("document_missing", extra={"upstream": upstream.name, "reason": type(error).__name__})
            return None
        return document if isinstance(document, dict) else None
