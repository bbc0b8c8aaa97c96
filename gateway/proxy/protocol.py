"""HTTP/1.1 on the gateway's socket: uvicorn's fast protocol, with the limits that its parser does not have.

Started by `uvicorn --http gateway.proxy.protocol:GatewayProtocol`.
"""

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0
BODY_SECONDS: Final = 30.0
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\n"
_LAST: Final = b"connection: close\r\ncontent-length: 0\r\n\r\n"


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


class GatewayProtocol(HttpToolsProtocol):
    """A request's head is bounded in size and time, its body in time; trailers are read and dropped.

    Only the origin form of a target is taken: of the others two readers may make different paths.
    """

    _deadline: asyncio.TimerHandle | None = None
    _is_head_open = True
    _is_body_open = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a first request."""
        joining = JoiningTransport(cast(asyncio.Transport, transport), self.loop)
        super().connection_made(cast(asyncio.Transport, joining))
        self._set_deadline(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limit."""
        self._lift_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and see that what has begun ends in time."""
        super().data_received(data)
        if self._is_head_open or self._is_body_open:
            self._wait_for_the_rest(len(data))

    def on_message_begin(self) -> None:
        super().on_message_begin()
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
        else:
            super().send_400_response(msg)

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

    def _too_slow(self) -> None:
        self._deadline = None
        self._hang_up(_TOO_SLOW)

    def _hang_up(self, status_line: bytes) -> None:
        """Say why where no answer has begun, and close; whoever reads the body finds the caller gone."""
        if not self._is_answering:
            self.transport.write(status_line + _LAST)
        self.transport.close()
