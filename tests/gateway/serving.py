"""Apps on real sockets, in this process; and raw requests, as no client library would send them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn

from gateway.proxy.protocol import GatewayProtocol
from tests.support.waiting import eventually


@asynccontextmanager
async def served(app: Any, *, lifespan: Literal["on", "off"] = "off", port: int = 0) -> AsyncIterator[int]:
    """Serve an app, whose lifespan runs already unless told; yields its port on the loopback address."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http=GatewayProtocol,
        ws="none",
        lifespan=lifespan,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]
    running = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, 10)


@dataclass(frozen=True)
class RawAnswer:
    """What came back over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes
    complete: bool


async def raw_request(port: int, request: bytes, *, within: float = 10) -> RawAnswer:
    """Send bytes as they are and read to the end of the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), within)
        status, headers = _parse(head)
        body, complete = await asyncio.wait_for(_body(reader, headers), within)
        return RawAnswer(status, headers, body, complete)
    finally:
        writer.close()


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> tuple[bytes, bool]:
    if headers.get("transfer-encoding") != "chunked":
        length = int(headers.get("content-length", "0"))
        body = await reader.read(length)
        while len(body) < length and (more := await reader.read(length - len(body))):
            body += more
        return body, len(body) == length
    body = b""
    while line := await reader.readline():
        size = int(line, 16)
        if size == 0:
            return body, True
        try:
            body += (await reader.readexactly(size + 2))[:-2]
        except asyncio.IncompleteReadError as error:
            return body + error.partial, False
    return body, False
