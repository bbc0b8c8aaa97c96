"""The HTTP client towards the services: a pool of kept connections each, bounded, and one request's way through it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from gateway.proxy.caller import Caller
from gateway.proxy.connection import UpstreamConnection
from gateway.proxy.failures import CallerGone, UpstreamBroken, UpstreamBusy, UpstreamUnreachable

# Shorter than the 5 s after which a service closes an idle connection, so that none is used as it closes.
_IDLE_SECONDS: Final = 3.0
# A service that has become slow may not take up all that the gateway has for the others.
MOST_AT_ONCE: Final = 256

Body = bytes | AsyncIterator[bytes] | None


class Call(NamedTuple):
    """A request as it goes out: `url` names the service, `lines` are its headers, each with its line end.

    A body that streams goes out in chunks unless `lines` give its length.
    """

    method: str
    url: str
    target: bytes
    lines: bytes = b""
    body: Body = None
    is_chunked: bool = False
    seconds: float | None = None


class UpstreamClient:
    """A pool of connections to each service. `seconds` of a call, where it has some, replace `answer_seconds`."""

    def __init__(self, *, connect_seconds: float, answer_seconds: float) -> None:
        self._connect_seconds = connect_seconds
        self._answer_seconds = answer_seconds
        self._pools: dict[str, _Pool] = {}

    def send(self, call: Call, *, caller: Caller | None = None, is_fresh: bool = False) -> "Exchange":
        """Send and give the answer once its head is there; what the body raises comes through unchanged.

        It ends when `caller` hangs up; with `is_fresh` no kept connection is used.
        Raises: UpstreamUnreachable, UpstreamBusy, UpstreamTimeout, UpstreamBroken, CallerGone.
        """
        pool = self._pools.get(call.url)
        if pool is None:
            pool = self._pools[call.url] = _Pool(call.url, self._connect_seconds)
        return Exchange(pool, call, call.seconds or self._answer_seconds, caller, is_fresh)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.close()


class _Pool:
    """Kept connections to one service; the one used last is used next."""

    def __init__(self, url: str, connect_seconds: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._connect_seconds = connect_seconds
        self._idle: dict[UpstreamConnection, None] = {}
        self.after_target = b" HTTP/1.1\r\nhost: " + parts.netloc.encode() + b"\r\n"
        self.in_use = 0

    def kept(self, now: float) -> UpstreamConnection | None:
        """Return a connection that waits to be used again, if there is one."""
        while self._idle:
            connection, _ = self._idle.popitem()
            if connection.is_usable and now - connection.idle_since < _IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def connect(self, loop: asyncio.AbstractEventLoop) -> UpstreamConnection:
        """Return a new connection; raises UpstreamUnreachable."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, connection = await loop.create_connection(
                    lambda: UpstreamConnection(loop, self._forget), self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as error:
            raise UpstreamUnreachable(type(error).__name__) from error
        return connection

    def keep(self, connection: UpstreamConnection) -> None:
        """Take a connection back."""
        self._idle[connection] = None

    def close(self) -> None:
        """Close what is idle."""
        for connection in list(self._idle):
            connection.close()
        self._idle.clear()

    def _forget(self, connection: UpstreamConnection) -> None:
        self._idle.pop(connection, None)


class Exchange:
    """A request and its answer; as a context it is the answer once its head is there."""

    __slots__ = ("_call", "_caller", "_connection", "_is_fresh", "_pool", "_seconds", "_sending_body")

    def __init__(
        self, pool: _Pool, call: Call, seconds: float, caller: Caller | None, is_fresh: bool
    ) -> None:
        self._pool = pool
        self._call = call
        self._seconds = seconds
        self._caller = caller
        self._is_fresh = is_fresh
        self._connection: UpstreamConnection | None = None
        self._sending_body: asyncio.Task[None] | None = None

    def begin_at_once(self) -> UpstreamConnection | None:
        """Send, where a kept connection waits for it and the body is held; the exchange is then under way.

        Whoever began it so ends it with `end_at_once` or enters it as a context, which goes on from there.
        """
        if self._pool.in_use >= MOST_AT_ONCE:
            return None
        connection = self._pool.kept(asyncio.get_running_loop().time())
        if connection is not None:
            self._pool.in_use += 1
            self._begin(connection)
        return connection

    def end_at_once(self) -> None:
        """End what was begun at once: its answer is whole."""
        self._give_back()

    async def __aenter__(self) -> UpstreamConnection:
        try:
            connection = self._connection or await self._begin_somewhere()
            await connection.head(is_sending=self._sending_body is not None)
        except BaseException:
            await self._end()
            raise
        return connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def _begin_somewhere(self) -> UpstreamConnection:
        pool = self._pool
        if pool.in_use >= MOST_AT_ONCE:
            raise UpstreamBusy
        loop = asyncio.get_running_loop()
        connection = None if self._is_fresh else pool.kept(loop.time())
        pool.in_use += 1
        if connection is None:
            try:
                connection = await pool.connect(loop)
            except BaseException:
                pool.in_use -= 1
                raise
        self._begin(connection)
        return connection

    def _begin(self, connection: UpstreamConnection) -> None:
        call, body = self._call, self._call.body
        self._connection = connection
        if self._caller is not None:
            self._caller.watch(self._hung_up)
        end = body if isinstance(body, bytes) else b""
        framing = b"transfer-encoding: chunked\r\n\r\n" if call.is_chunked else b"\r\n"
        message = b"".join(
            (call.method.encode(), b" ", call.target, self._pool.after_target, call.lines, framing, end)
        )
        connection.begin(message, is_head=call.method == "HEAD", seconds=self._seconds)
        if body is not None and not isinstance(body, bytes):
            self._sending_body = asyncio.create_task(_send_body(connection, body, call.is_chunked))
            self._sending_body.add_done_callback(self._body_sent)

    def _body_sent(self, sending: "asyncio.Task[None]") -> None:
        error = None if sending.cancelled() else sending.exception()
        if self._connection is not None and isinstance(error, Exception):
            self._connection.fail(error)

    def _hung_up(self) -> None:
        if self._connection is not None:
            self._connection.fail(CallerGone())

    async def _end(self) -> None:
        sending, connection = self._sending_body, self._connection
        if sending is not None and connection is not None and not sending.done():
            connection.fail(UpstreamBroken("answered_early"))
            sending.cancel()
            await asyncio.wait((sending,))
        self._give_back()

    def _give_back(self) -> None:
        """Give back the connection, to be kept only where both the request and the answer are whole."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._pool.in_use -= 1
        if self._caller is not None:
            self._caller.watch(None)
        if connection.end():
            self._pool.keep(connection)


async def _send_body(connection: UpstreamConnection, body: AsyncIterator[bytes], is_chunked: bool) -> None:
    async for piece in body:
        await connection.send_piece(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
    if is_chunked:
        await connection.send_piece(b"0\r\n\r\n")
    connection.all_sent()
