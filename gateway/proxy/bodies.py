"""Request bodies: small ones are held, so that they can be sent again; larger ones stream through."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive

from gateway.proxy.failures import CallerGone
from gateway.proxy.upstream import Body

HELD_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class IncomingBody:
    """A request's body: `length` where its size is known; one that streams without goes out in chunks."""

    body: Body
    length: int | None = None

    @property
    def can_be_sent_again(self) -> bool:
        """True where nothing of it is used up by sending it."""
        return self.body is None or isinstance(self.body, bytes)

    @property
    def is_chunked(self) -> bool:
        """True where nobody knows yet how large it is."""
        return self.body is not None and self.length is None


NO_BODY: Final = IncomingBody(None)


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> IncomingBody:
    """Take a small body whole, prepare a large or chunked one for streaming; raises CallerGone."""
    if b"transfer-encoding" in headers:
        return IncomingBody(_pieces(receive))
    announced = headers.get(b"content-length")
    if announced is None:
        return NO_BODY
    length = int(announced)
    if length > HELD_BYTES:
        return IncomingBody(_pieces(receive), length)
    return IncomingBody(b"".join([piece async for piece in _pieces(receive)]), length)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        more = message.get("more_body", False)
        if message.get("body"):
            yield message["body"]
