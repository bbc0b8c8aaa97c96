"""Request bodies: small ones are held, so that they can be sent again; larger ones stream through."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive

from gateway.proxy.upstream import Body

HELD_BYTES: Final = 64 * 1024


class CallerGone(Exception):
    """The caller hung up before its request was whole."""


@dataclass(frozen=True)
class IncomingBody:
    """A request's body: `length` where it streams and its size is known."""

    body: Body
    length: int | None = None

    @property
    def can_be_sent_again(self) -> bool:
        """True where nothing of it is used up by sending it."""
        return self.body is None or isinstance(self.body, bytes)


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> IncomingBody:
    """Take a small body whole, prepare a large or chunked one for streaming; raises CallerGone."""
    chunked = b"transfer-encoding" in headers
    length = int(headers.get(b"content-length", b"0"))
    if not chunked and length == 0:
        return IncomingBody(None)
    if not chunked and length <= HELD_BYTES:
        return IncomingBody(b"".join([piece async for piece in _pieces(receive)]))
    return IncomingBody(_pieces(receive), None if chunked else length)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        more = message.get("more_body", False)
        if message.get("body"):
            yield message["body"]
