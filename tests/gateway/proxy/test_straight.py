"""The short way of plain requests: the same as the long one to both sides, and left in time."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.proxy.straight import StraightWay
from tests.gateway.proxy.raw_service import (
    OK,
    Behaviour,
    RawService,
    Seen,
    always,
    get,
    proxy_before,
    raw_service,
)
from tests.gateway.serving import raw_request
from tests.support.identities import bearer, person_token
from tests.support.waiting import eventually

AUTHORIZATION = f"Authorization: {bearer(person_token('ann'))['Authorization']}"


class _Conversation:
    """One connection of a caller to the proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request; returns head and body of its answer, whose length it must say."""
        self.writer.write(request)
        return await self.answer()

    async def answer(self) -> tuple[bytes, bytes]:
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = re.search(rb"(?i)content-length: (\d+)", head)
        assert length is not None
        return head, await asyncio.wait_for(self.reader.readexactly(int(length[1])), 5)


@asynccontextmanager
async def _talking(
    behaviour: Behaviour, *, answer_seconds: float = 5.0
) -> AsyncIterator[tuple[RawService, _Conversation]]:
    async with (
        raw_service(behaviour) as service,
        proxy_before(service.port, answer_seconds=answer_seconds) as port,
    ):
        conversation = _Conversation(*await asyncio.open_connection("127.0.0.1", port))
        yield service, conversation
        conversation.writer.close()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Which of the requests that were offered to the short way it took."""
    answers: list[bool] = []
    take = StraightWay.take

    def noting(self: StraightWay, *request: object) -> bool:
        answers.append(take(self, *request))  # type: ignore[arg-type]
        return answers[-1]

    monkeypatch.setattr(StraightWay, "take", noting)
    return answers


ANSWERED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n"
    b'Server: x\r\nConnection: keep-alive, x-hop\r\nX-Hop: 1\r\nETag: "7"\r\nLink: <a>\r\nLink: <b>\r\n\r\nok'
)


async def test_both_ways_are_the_same_to_the_service_and_to_the_caller(taken: list[bool]) -> None:
    request = get(
        "/x?a=1&b=%20", AUTHORIZATION, "X-Request-Id: request-of-mine", "X-Agency: forged", "Cookie: c=d"
    )

    async with _talking(always(ANSWERED)) as (service, caller):
        answers = [await caller.ask(request) for _ in range(3)]

    assert taken == [False, True, True]
    seen = {re.sub(rb"(traceparent: 00-)\S+", rb"\1", head) for head in service.requests}
    assert len(seen) == 1
    assert len(service.connections) == 1
    assert not re.search(rb"(?i)x-agency|cookie", seen.pop())
    lines = [sorted(head.lower().split(b"\r\n")) for head, _ in answers]
    assert [
        [line for line in each if not line.startswith((b"date", b"ratelimit:"))] for each in lines[1:]
    ] == [[line for line in lines[0] if not line.startswith((b"date", b"ratelimit:"))]] * 2
    assert b"x-request-id: request-of-mine" in lines[1]
    assert not {b"x-hop: 1", b"server: x", b"set-cookie: a=b"} & set(lines[1])


async def test_a_token_that_is_good_no_more_is_not_taken_straight(taken: list[bool]) -> None:
    async with _talking(always(OK)) as (service, caller):
        first = await caller.ask(get("/x", AUTHORIZATION))
        second = await caller.ask(get("/x", AUTHORIZATION + "AAAA"))
        third = await caller.ask(get("/x", "Authorization: Basic YTpi"))

    assert [head.split()[1] for head, _ in (first, second, third)] == [b"200", b"401", b"401"]
    assert taken == [False, False, False]
    assert len(service.requests) == 1


async def test_requests_that_come_at_once_are_answered_in_turn() -> None:
    async def by_number(seen: Seen) -> None:
        while True:
            head = await seen.head()
            number = head.split(b" ")[1].rpartition(b"/")[2]
            await asyncio.sleep(0.05 if number == b"1" else 0)  # the first answer is the last to be ready
            await seen.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number)

    async with _talking(by_number) as (_, caller):
        await caller.ask(get("/0"))
        caller.writer.write(b"".join(get(f"/{number}") for number in range(1, 5)))
        bodies = [(await caller.answer())[1] for _ in range(4)]

    assert bodies == [b"1", b"2", b"3", b"4"]


async def test_a_long_answer_that_went_straight_still_streams(taken: list[bool]) -> None:
    gate = asyncio.Event()

    async def long_answer(seen: Seen) -> None:
        await seen.head()
        await seen.say(OK)
        await seen.head()
        await seen.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await gate.wait()
        await seen.say(b"6\r\nsecond\r\n0\r\n\r\n")
        await seen.reader.read()

    async with _talking(long_answer) as (_, caller):
        await caller.ask(get())
        caller.writer.write(get())
        await asyncio.wait_for(caller.reader.readuntil(b"first"), 5)
        gate.set()
        await asyncio.wait_for(caller.reader.readuntil(b"second\r\n0\r\n\r\n"), 5)

    assert taken == [False, True]


async def test_a_small_answer_in_two_pieces_is_waited_for(taken: list[bool]) -> None:
    async def two_pieces(seen: Seen) -> None:
        while True:
            await seen.head()
            await seen.say(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
            await asyncio.sleep(0.02)  # so that they do not come as one
            await seen.say(b"four")

    async with _talking(two_pieces) as (service, caller):
        answers = [await caller.ask(get()) for _ in range(3)]

    assert [body for _, body in answers] == [b"four"] * 3
    assert taken == [False, True, True]
    assert len(service.connections) == 1


async def test_a_kept_connection_that_closes_just_then_costs_a_reader_nothing_and_a_command_is_not_repeated() -> (
    None
):
    async def once_and_a_half(seen: Seen) -> None:
        await seen.head()
        await seen.say(OK)
        await seen.head()

    async with _talking(once_and_a_half) as (service, caller):
        await caller.ask(get())
        head, body = await caller.ask(get("/read"))
        command, _ = await caller.ask(get("/command", method="DELETE"))

    assert (head.split()[1], body) == (b"200", b"ok")
    assert command.split()[1] == b"502"
    asked = [head.split()[1].rpartition(b"/")[2] for head in service.requests]
    assert asked == [b"x", b"read", b"read", b"command"]


async def test_a_service_that_is_late_is_told_as_timeout_on_the_short_way_too(taken: list[bool]) -> None:
    async def once(seen: Seen) -> None:
        await seen.head()
        await seen.say(OK)
        await seen.head()
        await seen.reader.read()

    async with _talking(once, answer_seconds=0.2) as (service, caller):
        await caller.ask(get())
        head, body = await caller.ask(get())
        sent_as = re.search(rb"x-request-id: (\S+)", service.requests[1])

    assert taken == [False, True]
    assert head.split()[1] == b"504"
    assert sent_as is not None
    assert b"x-request-id: " + sent_as[1] in head.lower()
    assert b'"instance":"' + sent_as[1] in body
    assert len(service.connections) == 1


@pytest.mark.parametrize("straight", [False, True])
async def test_a_caller_that_hangs_up_ends_the_request_at_the_service(
    straight: bool, taken: list[bool]
) -> None:
    async def silent(seen: Seen) -> None:
        if straight:
            await seen.head()
            await seen.say(OK)
        await seen.head()
        await seen.reader.read()

    async def it_has_come() -> bool:
        return len(service.requests) == len(expected)

    expected = [False, True] if straight else [False]
    async with _talking(silent, answer_seconds=60) as (service, caller):
        if straight:
            await caller.ask(get())
        caller.writer.write(get())
        await eventually(it_has_come)
        caller.writer.close()

        await asyncio.wait_for(service.connections[0].is_closed.wait(), 5)
    assert taken == expected


async def test_a_stream_of_events_may_pause_and_ends_with_its_reader() -> None:
    gate = asyncio.Event()

    async def events(seen: Seen) -> None:
        await seen.head()
        await seen.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await gate.wait()
        await seen.say(b"data: 2\n\n")
        await seen.reader.read()

    async with _talking(events, answer_seconds=0.1) as (service, caller):
        caller.writer.write(get())
        await asyncio.wait_for(caller.reader.readuntil(b"data: 1\n\n\r\n"), 5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(caller.reader.read(1), 0.4)
        gate.set()
        await asyncio.wait_for(caller.reader.readuntil(b"data: 2\n\n"), 5)
        caller.writer.close()
        await asyncio.wait_for(service.connections[0].is_closed.wait(), 5)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 N\r\nContent-Length: 9\r\n\r\n"]
)
async def test_an_answer_without_body_leaves_the_connection_in_step(answer: bytes) -> None:
    async def bodiless_then_ok(seen: Seen) -> None:
        while True:
            head = await seen.head()
            await seen.say(OK if b"/last" in head else answer)

    async with _talking(bodiless_then_ok) as (_, caller):
        for _ in range(2):
            caller.writer.write(get())
            head = await asyncio.wait_for(caller.reader.readuntil(b"\r\n\r\n"), 5)
            assert head.split()[1] == answer.split()[1]
        assert (await caller.ask(get("/last")))[1] == b"ok"


async def test_a_caller_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.proxy.protocol.TAKING_SECONDS", 0.2)

    async def flood(seen: Seen) -> None:
        await seen.head()
        await seen.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        while True:
            await seen.say(b"x" * 65536)

    async with _talking(flood) as (service, caller):
        caller.writer.write(get())
        await asyncio.wait_for(caller.reader.readuntil(b"\r\n\r\n"), 5)

        await asyncio.wait_for(service.connections[0].is_closed.wait(), 10)


async def test_a_batch_of_an_import_may_be_larger_and_take_longer_than_other_requests() -> None:
    size = 2 * 2**20

    async def slow_taker(seen: Seen) -> None:
        await seen.head()
        await seen.reader.readexactly(size)
        await asyncio.sleep(0.2)  # longer than other routes may take
        await seen.say(OK)

    def head(path: str) -> bytes:
        return get(path, f"Content-Length: {size}", "Connection: close", method="POST")

    async with raw_service(slow_taker) as service, proxy_before(service.port, answer_seconds=0.1) as port:
        batch = await raw_request(port, head("/imports/1/batches") + b"x" * size)
        other = await raw_request(port, head("/filings"))
        late = await raw_request(port, get("/filings", "Connection: close"))

    assert (batch.status, batch.body) == (200, b"ok")
    assert other.status == 413
    assert late.status == 504
