"""The HTTP client towards the services: the only module that imports pyreqwest."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestError, RequestTimeoutError
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response

# Shorter than the 5 s after which a service closes an idle connection, so that none is used as it closes.
_IDLE: Final = timedelta(seconds=3)

Body = bytes | AsyncIterator[bytes] | None


class UpstreamUnreachable(Exception):
    """No connection could be made: the service has seen nothing of the request."""


class UpstreamTimeout(Exception):
    """The service did not answer in time; it may have done what it was asked."""


class UpstreamBroken(Exception):
    """The service ended the connection before its answer was whole; it may have done what it was asked."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it goes out."""

    method: str
    url: str
    headers: list[tuple[str, str]] = field(repr=False)
    body: Body = field(default=None, repr=False)


class UpstreamAnswer:
    """An answer whose body is read piece by piece."""

    __slots__ = ("_response", "status")

    def __init__(self, response: Response) -> None:
        self._response = response
        self.status: int = response.status

    @property
    def headers(self) -> Iterable[tuple[str, str]]:
        """Header lines in order, repeated names included."""
        return self._response.headers.items()

    @property
    def length(self) -> int | None:
        """The size of the body, where the service says it."""
        said = self._response.get_header("content-length")
        return int(said) if said is not None and said.isdecimal() else None

    async def piece(self) -> bytes:
        """Wait for the next piece of the body, empty at its end; raises UpstreamTimeout, UpstreamBroken."""
        try:
            piece = await self._response.body_reader.read_chunk()
        except PyreqwestError as error:
            raise _translate(error) from error
        return b"" if piece is None else bytes(piece)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes; raises UpstreamTimeout, UpstreamBroken."""
        while piece := await self.piece():
            yield piece


class _Sending:
    """A request on its way; as a context it is the answer once its head is there."""

    __slots__ = ("_request",)

    def __init__(self, request: StreamRequest) -> None:
        self._request = request

    async def __aenter__(self) -> UpstreamAnswer:
        try:
            return UpstreamAnswer(await self._request.__aenter__())
        except PyreqwestError as error:
            raise _translate(error) from error

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._request.__aexit__(None, None, None)


class UpstreamClient:
    """One pool of connections to all services."""

    def __init__(self, *, connect_seconds: float, answer_seconds: float) -> None:
        self._client: Client = (
            ClientBuilder()
            .connect_timeout(timedelta(seconds=connect_seconds))
            .read_timeout(timedelta(seconds=answer_seconds))
            .pool_idle_timeout(_IDLE)
            .user_agent("tongban-gateway")
            .follow_redirects(False)
            .referer(False)
            .no_proxy()
            .gzip(False)
            .brotli(False)
            .zstd(False)
            .deflate(False)
            .http1_lower_case_headers()
            .build()
        )

    def send(self, call: Call) -> _Sending:
        """Send and give the answer once its head is there; what the body raises comes through unchanged.

        Raises: UpstreamUnreachable, UpstreamTimeout, UpstreamBroken; ValueError for what cannot be sent.
        """
        builder = self._client.request(call.method, call.url).headers(call.headers)
        if isinstance(call.body, bytes):
            builder = builder.body_bytes(call.body)
        elif call.body is not None:
            builder = builder.body_stream(call.body)
        # Without a limit of zero the head is held back until 64 kB of the body, or all of it, have come.
        return _Sending(builder.streamed_read_buffer_limit(0).build_streamed())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()


def _translate(error: Exception) -> UpstreamUnreachable | UpstreamTimeout | UpstreamBroken:
    """Say what happened by the causes that are named.

    pyreqwest calls a connection that closes before the answer ConnectError, and a late answer
    ConnectTimeoutError: by its classes a command that was carried out would be sent twice.
    """
    causes = (error.details.get("causes") or []) if isinstance(error, RequestError) else []
    if any("(Connect)" in cause["message"] for cause in causes):
        return UpstreamUnreachable(type(error).__name__)
    timed_out = any("timed out" in cause["message"] for cause in causes)
    if timed_out or isinstance(error, TimeoutError | RequestTimeoutError):
        return UpstreamTimeout(type(error).__name__)
    return UpstreamBroken(type(error).__name__)
