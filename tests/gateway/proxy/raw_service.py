"""A service that answers each connection as a test says, and a proxy in front of it: nothing else of the gateway."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from gateway.proxy.paths import RouteTable
from gateway.proxy.peers import TrustedProxies
from gateway.proxy.proxy import Proxy
from gateway.proxy.rate import TokenBuckets
from gateway.proxy.upstream import UpstreamClient
from gateway.proxy.verification import RememberingVerifier
from shared.security.withdrawals import Withdrawals
from tests.gateway.serving import served
from tests.support.identities import ISSUER, KEYS

PREFIX = "/registration/v1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Seen:
    """One connection of the service, and the requests that came on it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heads: list[bytes] = field(default_factory=list)
    is_closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def head(self) -> bytes:
        """Read the next request's head."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        return head

    async def say(self, answer: bytes) -> None:
        """Write, and wait until it has gone out."""
        self.writer.write(answer)
        await self.writer.drain()


Behaviour = Callable[[Seen], Awaitable[None]]


@dataclass
class RawService:
    """Serves every connection by its behaviour; a connection ends with it."""

    behaviour: Behaviour
    connections: list[Seen] = field(default_factory=list)
    port: int = 0

    @property
    def requests(self) -> list[bytes]:
        """The heads of all requests so far."""
        return [head for seen in self.connections for head in seen.heads]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        seen = Seen(reader, writer)
        self.connections.append(seen)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.behaviour(seen)
        writer.close()
        seen.is_closed.set()


@asynccontextmanager
async def raw_service(behaviour: Behaviour, port: int = 0) -> AsyncIterator[RawService]:
    """Run a service that behaves so."""
    service = RawService(behaviour)
    server = await asyncio.start_server(service.handle, "127.0.0.1", port)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        for seen in service.connections:
            seen.writer.close()


def always(answer: bytes) -> Behaviour:
    """Answer every request on a kept connection with the same."""

    async def behave(seen: Seen) -> None:
        while True:
            await seen.head()
            await seen.say(answer)

    return behave


@asynccontextmanager
async def proxy_before(
    port: int, *, answer_seconds: float = 5.0, burst: int = 100_000, origins: Collection[str] = ()
) -> AsyncIterator[int]:
    """Serve a proxy whose registration service listens on a port; yields the proxy's own."""

    async def nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("not a service's path")

    verifier = RememberingVerifier(issuer=ISSUER, audience="gateway", keys=KEYS, withdrawals=Withdrawals())
    async with UpstreamClient(connect_seconds=0.5, answer_seconds=answer_seconds) as client:
        proxy = Proxy(
            nothing,
            routes=RouteTable({"registration": f"http://127.0.0.1:{port}"}),
            verifier=verifier,
            upstream=client,
            buckets=TokenBuckets(burst, burst),
            trusted=TrustedProxies(),
            is_registered=lambda origin: origin in origins,
        )
        async with served(proxy) as listening:
            yield listening


def get(path: str = "/x", *lines: str, method: str = "GET") -> bytes:
    """The bytes of a request without a body."""
    head = [f"{method} {PREFIX}{path} HTTP/1.1", "Host: g", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode()
