"""The gateway's own HTTP protocol: bounded heads, callers that are too slow, trailers, targets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.proxy import protocol
from tests.gateway.serving import RawAnswer, raw_request

seen: list[Scope] = []


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body, remember the request, answer with the body's length; `/wait` takes a moment for it."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/wait":
        await asyncio.wait_for(_gate.wait(), 5)
    seen.append(scope)
    headers = [(b"content-length", b"%d" % len(str(length)))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(length).encode()})


_gate = asyncio.Event()


@pytest_asyncio.fixture(loop_scope="session")
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server with the gateway's protocol, and little patience."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.2)
    seen.clear()
    _gate.clear()
    config = uvicorn.Config(_app, lifespan="off", ws="none", log_config=None, timeout_keep_alive=1)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: protocol.GatewayProtocol(config, state, {}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()


async def _to_the_end(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    received = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return received


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: g\r\nX: "])
async def test_a_head_that_does_not_end_is_cut_off(port: int, sent: bytes) -> None:
    received = await _to_the_end(port, sent)

    assert received.startswith(b"HTTP/1.1 408 ")
    assert not seen


async def test_a_head_that_does_not_end_after_an_answer_is_cut_off_too(port: int) -> None:
    received = await _to_the_end(port, b"GET / HTTP/1.1\r\nHost: g\r\n\r\nGET / HT")

    assert received.startswith(b"HTTP/1.1 200 ")
    assert len(seen) == 1


async def test_a_body_that_does_not_end_is_cut_off(port: int) -> None:
    received = await _to_the_end(port, b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 9\r\n\r\nhalf")

    assert received == b""
    assert not seen


async def test_a_head_without_bound_is_refused_before_it_ends(port: int) -> None:
    received = await _to_the_end(port, b"GET / HTTP/1.1\r\nHost: g\r\nX: " + b"x" * 70_000)

    assert received.startswith(b"HTTP/1.1 431 ")
    assert not seen


async def test_trailers_do_not_become_headers(port: int) -> None:
    request = (
        b"POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"4\r\nbody\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )

    answer = await raw_request(port, request)

    assert (answer.status, answer.body) == (200, b"4")
    assert [name for name, _ in seen[0]["headers"]] == [b"host", b"transfer-encoding"]


@pytest.mark.parametrize("target", ["http://other/registration/v1/x", "*", "/x#y", "x"])
async def test_only_the_origin_form_of_a_target_is_taken(port: int, target: str) -> None:
    answer: RawAnswer = await raw_request(port, f"OPTIONS {target} HTTP/1.1\r\nHost: g\r\n\r\n".encode())

    assert answer.status == 400
    assert not seen


async def test_what_cannot_be_read_after_a_request_does_not_cut_its_answer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /wait HTTP/1.1\r\nHost: g\r\n\r\nnonsense\r\n\r\n")
    await writer.drain()
    _gate.set()

    received = await asyncio.wait_for(reader.read(), 5)

    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.endswith(b"\r\n\r\n0")
    writer.close()


async def test_requests_on_one_connection_are_answered_in_turn(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    for length in (0, 3, 5):
        head = b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: %d\r\n\r\n" % length
        writer.write(head + b"x" * length)
        received = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n" + b"%d" % length), 5)
        assert b" 200 OK\r\n" in received
    writer.close()
