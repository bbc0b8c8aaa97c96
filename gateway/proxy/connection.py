"""One kept HTTP/1.1 connection to a service: one exchange at a time, and neither way more held than is bounded."""

import asyncio
from collections.abc import Callable
from typing import Final, cast

import httptools

from gateway.proxy.failures import KeptConnectionClosed, UpstreamBroken, UpstreamTimeout
from gateway.proxy.patience import Patience

# Of an answer: how large its head may be, and how much of its body waits here for a slow caller.
MOST_HEAD_BYTES: Final = 64 * 1024
HELD_BYTES: Final = 64 * 1024
_BODILESS: Final = frozenset({204, 304})

Lines = list[tuple[bytes, bytes]]


class UpstreamConnection(asyncio.Protocol):
    """Sends a request and holds what has come of its answer.

    Between `begin` and `end` it belongs to one request. `status`, `headers` and `length` are those of its answer
    once `head` has returned; `is_whole` tells whether all of the answer has come.
    """

    status = 0
    length: int | None = None
    is_whole = False
    idle_since = 0.0

    def __init__(
        self, loop: asyncio.AbstractEventLoop, on_lost: "Callable[[UpstreamConnection], object]"
    ) -> None:
        self._loop = loop
        self._on_lost = on_lost
        self._parser = httptools.HttpResponseParser(self)
        self._transport = cast(asyncio.Transport, None)
        self._waiting: asyncio.Future[None] | None = None
        self._draining: asyncio.Future[None] | None = None
        self._is_writable = True
        self._seconds: float | None = None
        self._patience = Patience(loop, self._no_answer)
        self._exchanges = 0
        self._on_news: Callable[[], None] | None = None
        self._is_asked = False
        self._is_kept = False
        self._is_paused = False
        self._failure: Exception | None = None

    # What a request does with it.

    def begin(self, message: bytes, *, is_head: bool, seconds: float | None) -> None:
        """Send a request's head, with its body where that is held; raises nothing: what fails is told by `head`.

        `seconds` limits the wait for the answer's head and each pause in its body, and each in taking the request.
        """
        self.status = 0
        self.headers: Lines = []
        self.length: int | None = None
        self.is_whole = False
        self._is_head = is_head
        self._is_headed = False
        self._ends_with_connection = False
        self._is_kept = False
        self._head_bytes = 0
        self._pieces: list[bytes] = []
        self._held = 0
        self._is_paused = False
        self._failure = None
        self._seconds = seconds
        self._exchanges += 1
        self._is_asked = True
        self._transport.write(message)

    def tell(self, on_news: Callable[[], None]) -> None:
        """Instead of being waited for: call this when the head is there, and at all that comes after it."""
        self._on_news = on_news
        self._patience.begin(self._seconds)

    def tell_no_more(self) -> None:
        """From here on it is waited for."""
        self._on_news = None
        self._patience.lift()

    def is_coming_whole(self) -> bool:
        """Tell whether a small answer has begun, of which the rest may come any moment."""
        return self.is_small and not self.is_whole and self._failure is None

    @property
    def is_small(self) -> bool:
        """Tell whether the answer's body is known to be small enough to be held."""
        return self.length is not None and self.length <= HELD_BYTES

    async def head(self, *, is_sending: bool = False) -> None:
        """Wait for the answer's head; no time limit of its own while the body is still being sent.

        Raises: UpstreamTimeout, UpstreamBroken, or what `fail` was given.
        """
        while not self._is_headed:
            await self._news(is_limited=not is_sending)

    async def more(self) -> bytes:
        """Wait for more of the answer's body and take all that has come, empty at its end; raises as `head`."""
        while not self._pieces and not self.is_whole:
            await self._news(is_limited=True)
        return self.take()

    def take(self) -> bytes:
        """Take what has come of the answer's body."""
        pieces = self._pieces
        if not pieces:
            return b""
        taken = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._pieces = []
        self._held = 0
        if self._is_paused and self.is_usable:
            self._is_paused = False
            self._transport.resume_reading()
        return taken

    async def send_piece(self, piece: bytes) -> None:
        """Send more of the request's body, no faster than the service takes it; raises as `head`."""
        if self._failure is not None:
            raise self._failure
        self._transport.write(piece)
        if not self._is_writable:
            self._draining = self._loop.create_future()
            try:
                await asyncio.wait_for(self._draining, self._seconds)
            except TimeoutError as error:
                raise UpstreamTimeout("not_taken") from error
            finally:
                self._draining = None
        if self._failure is not None:
            raise self._failure

    def all_sent(self) -> None:
        """From here on the service has its time to answer."""
        if self._waiting is not None:
            self._patience.begin(self._seconds)

    def wait_without_limit(self) -> None:
        """Let the answer pause as long as it likes: a stream of events has nothing to tell at times."""
        self._seconds = None

    def fail(self, error: Exception) -> None:
        """End the exchange, and the connection, with an error that its reader gets."""
        if not self.is_whole and self._failure is None:
            self._failure = error
        self._transport.abort()
        self._wake()

    def end(self) -> bool:
        """Give the connection back; tells whether another request may use it, and closes it otherwise."""
        self._is_asked = False
        self._on_news = None
        self._patience.lift()
        if self.is_whole and self._is_kept and not self._is_paused and self.is_usable:
            self._pieces = []
            self.idle_since = self._loop.time()
            return True
        self._transport.abort()
        return False

    def close(self) -> None:
        """Close an idle connection."""
        self._transport.close()

    @property
    def is_usable(self) -> bool:
        """False once it is closed or closing."""
        return not self._transport.is_closing()

    # What the event loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._is_asked:
            self._transport.abort()  # an answer to no question: whose next question would it seem to answer?
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._is_kept = False
            self.fail(UpstreamBroken("unreadable"))
            return
        if not self._is_headed:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self.fail(UpstreamBroken("endless_head"))
        elif self._on_news is not None:
            self._on_news()
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.close()
        if self._is_asked and not self.is_whole:
            if self._is_headed and self._ends_with_connection and exc is None:
                self.is_whole = True
            elif self._failure is None:
                self._failure = self._closed()
        self._on_lost(self)
        self._wake()

    def pause_writing(self) -> None:
        self._is_writable = False

    def resume_writing(self) -> None:
        self._is_writable = True
        if self._draining is not None and not self._draining.done():
            self._draining.set_result(None)

    # What the parser tells.

    def on_message_begin(self) -> None:
        if self.is_whole:
            raise ValueError("a second answer to one question")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_headed:  # trailers are dropped
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            self.headers.clear()
            return
        self.status = status
        is_chunked = False
        for name, value in self.headers:
            if name == b"content-length":
                self.length = int(value)
            elif name == b"transfer-encoding":
                if value.lower() != b"chunked":
                    raise ValueError("an encoding that the caller would not know of")
                is_chunked = True
        if status in _BODILESS:  # a length would be that of another answer's body
            self.headers = [line for line in self.headers if line[0] != b"content-length"]
        self._is_headed = True
        self._is_kept = self._parser.should_keep_alive()
        if self._is_head:  # the parser would wait for a body that does not come
            self.is_whole, self._is_kept = True, False
        elif self.length is None and not is_chunked and status not in _BODILESS:
            self._ends_with_connection = True

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)
        self._held += len(body)
        if self._held > HELD_BYTES and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._is_headed:
            self.is_whole = True

    # Waiting, with a limit.

    async def _news(self, *, is_limited: bool) -> None:
        if self._failure is not None:
            raise self._failure
        self._waiting = self._loop.create_future()
        if is_limited:
            self._patience.begin(self._seconds)
        try:
            await self._waiting
        finally:
            self._waiting = None
            if is_limited:
                self._patience.lift()
        if self._failure is not None and not self._pieces:
            raise self._failure

    def _wake(self) -> None:
        if self._on_news is not None:
            self._on_news()
        for future in (self._waiting, self._draining):
            if future is not None and not future.done():
                future.set_result(None)

    def _no_answer(self) -> None:
        self.fail(UpstreamTimeout("no_answer"))

    def _closed(self) -> UpstreamBroken:
        is_silent = not self._is_headed and not self._head_bytes
        return (KeptConnectionClosed if is_silent and self._exchanges > 1 else UpstreamBroken)("closed")
