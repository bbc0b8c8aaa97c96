"""Clients that send slowly on purpose (W08): others are served meanwhile, the held connections are closed."""

import asyncio
import contextlib
import time
from typing import Any

import httpx
import pytest

from gateway.proxy import protocol
from tests.security.conftest import Target
from tests.support.identities import bearer, person_token, still_good

HEAD_SECONDS, BODY_SECONDS = 2.0, 3.0
EACH = 100
TOKEN = person_token("ann", "hotline.counter.read", "hotline.counter.move")


def _head(path: str) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer {still_good(TOKEN)}\r\n".encode()


async def _drip(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """Send a little, again and again, until the other side has had enough."""
    with contextlib.suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.3)


async def _held(port: int, begin: bytes, piece: bytes) -> tuple[float, bytes]:
    """Hold a connection as long as it is suffered; returns how long that was, and what was said at its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(begin)
    dripping = asyncio.create_task(_drip(writer, piece))
    told = b""
    with contextlib.suppress(ConnectionError):
        told = await asyncio.wait_for(reader.read(), 30)
    dripping.cancel()
    writer.close()
    return time.monotonic() - began, told


async def _ask_meanwhile(client: httpx.AsyncClient, path: str, until: asyncio.Future[Any]) -> list[float]:
    taken = []
    while not until.done():
        began = time.monotonic()
        answer = await client.get(path, headers=bearer(TOKEN), params={"limit": 1})
        assert answer.status_code == 200, answer.text
        taken.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return taken


def test_the_patience_of_production_is_as_the_design_says() -> None:
    assert (protocol.HEAD_SECONDS, protocol.BODY_SECONDS) == (10.0, 30.0)


async def test_two_hundred_slow_connections_hold_up_nobody_and_are_closed(
    targets: dict[str, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", HEAD_SECONDS)
    monkeypatch.setattr(protocol, "BODY_SECONDS", BODY_SECONDS)
    gateway = targets["gateway"]
    announced = _head(gateway.path) + b"Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"
    chunked = _head(gateway.path) + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

    heads = asyncio.gather(*(_held(gateway.port, _head(gateway.path), b"X: 1\r\n") for _ in range(EACH)))
    bodies = asyncio.gather(
        *(_held(gateway.port, announced, b" ") for _ in range(EACH // 2)),
        *(_held(gateway.port, chunked, b"1\r\n \r\n") for _ in range(EACH // 2)),
    )
    async with gateway.client() as client:
        taken = await _ask_meanwhile(client, gateway.path, asyncio.gather(heads, bodies))

    for seconds, told in await heads:
        assert HEAD_SECONDS - 0.1 <= seconds < HEAD_SECONDS + 5
        assert told == b"" or told.startswith(b"HTTP/1.1 408 ")
    for seconds, told in await bodies:
        assert BODY_SECONDS - 0.1 <= seconds < BODY_SECONDS + 5
        assert b" 200 " not in told
        assert b" 201 " not in told
    assert len(taken) > 10
    assert max(taken) < HEAD_SECONDS, "somebody waited until the slow ones were gone"
