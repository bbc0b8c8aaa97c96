"""Connections to the services: what may be used again, what is refused of an answer, what is bounded."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable

import pytest

from gateway.proxy import protocol
from gateway.proxy import upstream as upstream_module
from gateway.proxy.connection import HELD_BYTES, UpstreamConnection
from gateway.proxy.failures import KeptConnectionClosed, UpstreamBroken, UpstreamBusy, UpstreamTimeout
from gateway.proxy.upstream import Call, UpstreamClient
from tests.gateway.proxy.raw_service import OK, RawService, Seen, always, get, proxy_before, raw_service
from tests.support.waiting import eventually


def _client(answer_seconds: float = 2.0) -> UpstreamClient:
    return UpstreamClient(connect_seconds=0.5, answer_seconds=answer_seconds)


def _call(service: RawService, method: str = "GET", **changes: object) -> Call:
    return Call(method, f"http://127.0.0.1:{service.port}", b"/x")._replace(**changes)  # type: ignore[arg-type]


async def _settled(amount: Callable[[], int]) -> None:
    """Wait until an amount no longer grows."""
    seen = [-1, -2, -3]

    async def stands() -> bool:
        seen[:] = [amount(), *seen[:2]]
        return len(set(seen)) == 1

    await eventually(stands)


async def _whole(answer: UpstreamConnection) -> bytes:
    body = b""
    while not answer.is_whole:
        body += await answer.more()
    return body + answer.take()


@pytest.mark.parametrize(
    ("said", "status", "body"),
    [
        (OK, 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n", 200, b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK, 200, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: x\r\n\r\n", 304, b""),
    ],
)
async def test_a_connection_is_kept_after_a_whole_answer(said: bytes, status: int, body: bytes) -> None:
    async with raw_service(always(said)) as service, _client() as client:
        for _ in range(3):
            async with client.send(_call(service)) as answer:
                assert (answer.status, await _whole(answer)) == (status, body)
                assert not {b"x-t", b"link"} & {name for name, _ in answer.headers}

        assert [len(seen.heads) for seen in service.connections] == [3]


@pytest.mark.parametrize(
    ("said", "method"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", "GET"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nto the end", "GET"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nto the end", "GET"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "HEAD"),
    ],
)
async def test_a_connection_whose_end_is_not_sure_is_not_kept(said: bytes, method: str) -> None:
    async def once(seen: Seen) -> None:
        await seen.head()
        await seen.say(said)

    async with raw_service(once) as service, _client() as client:
        for _ in range(2):
            async with client.send(_call(service, method)) as answer:
                assert await _whole(answer) == (b"to the end" if method == "GET" else b"")

        assert len(service.connections) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"220 smtp.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\nSet-Cookie: b\r\nContent-Length: 0\r\n b\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
)
async def test_an_answer_that_two_readers_may_understand_differently_is_none(said: bytes) -> None:
    async with raw_service(always(said)) as service, _client() as client:
        with pytest.raises(UpstreamBroken):
            async with client.send(_call(service)) as answer:
                await _whole(answer)


async def test_what_comes_unasked_answers_nobody() -> None:
    async def two_for_one(seen: Seen) -> None:
        await seen.head()
        await seen.say(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
        await seen.head()
        await seen.say(OK)

    async with raw_service(two_for_one) as service, _client() as client:
        for _ in range(3):
            async with client.send(_call(service)) as answer:
                assert await _whole(answer) == b"ok"


async def test_a_kept_connection_that_closes_as_it_is_used_is_told_from_others() -> None:
    async def answer_once(seen: Seen) -> None:
        await seen.head()
        await seen.say(OK)
        await seen.head()

    async with raw_service(answer_once) as service, _client() as client:
        async with client.send(_call(service)) as answer:
            await _whole(answer)

        with pytest.raises(KeptConnectionClosed):
            async with client.send(_call(service)):
                pass
        async with client.send(_call(service), is_fresh=True) as answer:
            assert await _whole(answer) == b"ok"


async def test_an_answer_that_pauses_too_long_is_given_up_and_a_steady_one_is_not() -> None:
    async def drip(seen: Seen) -> None:
        await seen.head()
        await seen.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(6):
            await asyncio.sleep(0.05)  # the pace of the service is what is tested
            await seen.say(b"x")
        await seen.reader.read()

    async with raw_service(drip) as service, _client(0.2) as client:
        received = b""
        with pytest.raises(UpstreamTimeout):
            async with client.send(_call(service)) as answer:
                while True:
                    received += await answer.more()

    assert received == b"xxxxxx"


async def test_a_long_answer_waits_in_the_service_until_it_is_taken() -> None:
    size = 8 * 2**20
    written = 0

    async def flood(seen: Seen) -> None:
        nonlocal written
        await seen.head()
        await seen.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while written < size:
            await seen.say(b"x" * 65536)
            written += 65536

    async with raw_service(flood) as service, _client() as client, client.send(_call(service)) as answer:
        await _settled(lambda: written)
        taken = len(answer.take())
        assert taken <= HELD_BYTES + 2**18
        assert written < size
        while not answer.is_whole:
            taken += len(await answer.more())
        assert taken + len(answer.take()) == size


async def test_a_body_goes_no_faster_than_the_service_takes_it() -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 65536
            yield b"x" * 65536

    gate = asyncio.Event()

    async def slow_taker(seen: Seen) -> None:
        await seen.head()
        await gate.wait()
        await seen.reader.readexactly(200 * 65536)
        await seen.say(OK)

    async def sends() -> bytes:
        call = _call(service, "POST", lines=b"content-length: %d\r\n" % (200 * 65536), body=body())
        async with client.send(call) as answer:
            return await _whole(answer)

    async with raw_service(slow_taker) as service, _client() as client:
        sending = asyncio.create_task(sends())
        await _settled(lambda: sent)
        assert sent < 200 * 65536
        gate.set()
        assert await sending == b"ok"


async def test_a_service_may_answer_before_it_has_read_the_body() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0.01)

    async def refuses(seen: Seen) -> None:
        await seen.head()
        await seen.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await seen.reader.read()

    async with raw_service(refuses) as service, _client() as client:
        async with client.send(_call(service, "POST", body=endless(), is_chunked=True)) as answer:
            assert (answer.status, await _whole(answer)) == (413, b"no")

        await asyncio.wait_for(service.connections[0].is_closed.wait(), 5)
        async with client.send(_call(service)) as answer:
            assert await _whole(answer) == b"no"
    assert len(service.connections) == 2


@pytest.mark.parametrize("line", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
async def test_a_body_that_never_ends_leaves_no_error_that_nobody_looks_at(
    line: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.1)

    async def waits(seen: Seen) -> None:
        await seen.head()
        await seen.reader.read()

    async with raw_service(waits) as service, proxy_before(service.port) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get("/x", line, method="POST") + b"1\r\nx\r\n")
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await asyncio.wait_for(service.connections[0].is_closed.wait(), 5)
        gc.collect()

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_more_than_so_many_at_once_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream_module, "MOST_AT_ONCE", 2)
    gate = asyncio.Event()

    async def waits(seen: Seen) -> None:
        while True:
            await seen.head()
            await gate.wait()
            await seen.say(OK)

    async def sends() -> bytes:
        async with client.send(_call(service)) as answer:
            return await _whole(answer)

    async def both_are_there() -> bool:
        return len(service.requests) == 2

    async with raw_service(waits) as service, _client() as client:
        first = [asyncio.create_task(sends()) for _ in range(2)]
        await eventually(both_are_there)
        with pytest.raises(UpstreamBusy):
            await sends()
        gate.set()
        assert await asyncio.gather(*first) == [b"ok", b"ok"]
        assert await sends() == b"ok"
