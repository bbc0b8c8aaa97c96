"""HTTP/1.1 on the gateway's socket: uvicorn's fast protocol, with the limits that its parser does not have.

Started by `uvicorn --http gateway.proxy.protocol:GatewayProtocol`.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

from starlette.types import Scope
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from gateway.proxy.caller import CALLER, OnHangUp, TakeStraight

MOST_HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0
BODY_SECONDS: Final = 30.0
# How long a caller may take nothing of an answer that waits for it.
TAKING_SECONDS: Final = 30.0
# A request with one of these may have a body, or wants something of the connection first.
_NOT_PLAIN: Final = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\n"
_UNREADABLE: Final = b"HTTP/1.1 400 Bad Request\r\n"
_LAST: Final = b"x-tongban-origin: gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class JoiningTransport:
    """A transport that sends what is written in one go of the event loop as one: an answer's head with its body."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def write(self, piece: bytes) -> None:
        """Send soon."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(piece)

    def write_at_once(self, message: bytes) -> None:
        """Send now: a message that nothing is to be joined with."""
        self._flush()
        self._transport.write(message)

    def close(self) -> None:
        """Send what waits, and close."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._waiting:
            self._transport.write(b"".join(self._waiting))
            self._waiting.clear()


class _NobodyWaits:
    def set(self) -> None:
        """Wake nobody."""


_NOBODY_WAITS: Final = _NobodyWaits()


@dataclass(slots=True, eq=False)
class StraightCycle:
    """What uvicorn's protocol has to know of a request that no task serves; the body is known to be empty."""

    keep_alive: bool
    on_response: Callable[[], None]
    message_event: _NobodyWaits = _NOBODY_WAITS
    disconnected: bool = False
    more_body: bool = False
    response_started: bool = False
    response_complete: bool = False


class GatewayProtocol(HttpToolsProtocol):
    """A request's head is bounded in size and time, its body and the taking of its answer in time.

    Trailers are read and dropped. Only the origin form of a target is taken: of the others two readers may make
    different paths. To the app it is the `Caller` of each request.
    """

    _deadline: asyncio.TimerHandle | None = None
    _is_head_open = True
    _is_body_open = False
    _head_bytes = 0
    _joining: JoiningTransport
    _stalled: asyncio.TimerHandle | None = None
    _on_hang_up: OnHangUp | None = None
    _is_lost = False
    _straight: TakeStraight | None = None
    _straight_cycle: StraightCycle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a first request."""
        self._joining = JoiningTransport(cast(asyncio.Transport, transport), self.loop)
        super().connection_made(cast(asyncio.Transport, self._joining))
        if self.limit_concurrency is None:  # the short way does not count
            self._straight = getattr(self.app, "straight", None)
        self._set_deadline(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limits, and tell whoever works for the caller."""
        self._is_lost = True
        self._lift_deadline()
        self._go_on_taking()
        super().connection_lost(exc)
        if self._on_hang_up is not None:
            self._on_hang_up()

    def watch(self, on_hang_up: OnHangUp | None) -> None:
        """Call this when the caller hangs up; at once where it has already. One request runs at a time."""
        self._on_hang_up = on_hang_up
        if self._is_lost and on_hang_up is not None:
            on_hang_up()

    @property
    def is_ready(self) -> bool:
        """Whether an answer can be written now: nothing waits to be taken, and no later request has come."""
        cycle = self.cycle
        return not (self.pipeline or self.flow.write_paused or cycle.disconnected or cycle.response_started)

    def answer(self, status: int, lines: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer the running request in one write.

        Of `lines` none is checked: they were read by a strict parser, or made here.
        """
        cycle = self.cycle
        parts = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        for name, value in lines:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n", body)
        self._joining.write_at_once(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def take_the_long_way(self, scope: Scope) -> None:
        """Give a request that went straight to the app, as if it had just come."""
        straight = self._straight_cycle
        cycle = RequestResponseCycle(
            scope=cast(HTTPScope, scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=straight.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        cycle.message_event.set()
        cycle.disconnected = straight.disconnected
        if cast(object, self.cycle) is straight:
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def pause_writing(self) -> None:
        """Wait for the caller to take what it asked for, but not for ever."""
        super().pause_writing()
        self._stalled = self.loop.call_later(TAKING_SECONDS, self._joining.abort)

    def resume_writing(self) -> None:
        """Go on."""
        self._go_on_taking()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on, and see that what has begun ends in time."""
        super().data_received(data)
        if self._is_head_open or self._is_body_open:
            self._wait_for_the_rest(len(data))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast(dict[str, Any], self.scope)[CALLER] = self
        self._is_head_open = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_head_open:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._lift_deadline()
        self._is_head_open, self._is_body_open, self._head_bytes = False, True, 0
        if not self.url.startswith(b"/") or b"#" in self.url:
            raise ValueError(
                "not the origin form of a target"
            )  # the parser passes it on, and 400 is answered
        if not self._goes_straight():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._deadline is not None:
            self._lift_deadline()
        self._is_body_open = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read; where it came after a whole request, that one is answered first."""
        if self._is_answering and not self._is_body_open:
            self.cycle.keep_alive = False
        elif not self.transport.is_closing():
            self.transport.write(_UNREADABLE + _LAST)
            self.transport.close()

    def _goes_straight(self) -> bool:
        """Let a plain request be sent on at once; what is not plain on the face of it is not even offered."""
        raw_path, _, query = self.url.partition(b"?")
        if (
            self._straight is None
            or self._is_answering
            or b"%" in raw_path
            or not raw_path.isascii()
            or self.parser.get_http_version() != "1.1"
            or self.parser.should_upgrade()
            or not _NOT_PLAIN.isdisjoint(dict(self.headers))
        ):
            return False
        cycle = StraightCycle(self.parser.should_keep_alive(), self.on_response_complete)
        scope = cast(dict[str, Any], self.scope)
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["path"], scope["raw_path"], scope["query_string"] = raw_path.decode("ascii"), raw_path, query
        before, self.cycle = self.cycle, cast(RequestResponseCycle, cycle)
        self._straight_cycle = cycle
        if not self._straight(scope, self):
            self.cycle = before
            return False
        return True

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_the_rest(self, received: int) -> None:
        if self.transport.is_closing():
            return
        if self._is_head_open:
            self._head_bytes += received
            if self._head_bytes > MOST_HEAD_BYTES:
                self._hang_up(_TOO_LARGE)
                return
        if self._deadline is not None:
            return
        if self._is_body_open:
            self._set_deadline(BODY_SECONDS)
        elif (
            not self._is_answering
        ):  # what follows a request waits for its answer, then as an idle connection
            self._set_deadline(HEAD_SECONDS)

    def _set_deadline(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _lift_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _go_on_taking(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _too_slow(self) -> None:
        self._deadline = None
        self._hang_up(_TOO_SLOW)

    def _hang_up(self, status_line: bytes) -> None:
        """Say why where no answer has begun, and close; whoever reads the body finds the caller gone."""
        if not self._is_answering:
            self.transport.write(status_line + _LAST)
        self.transport.close()
