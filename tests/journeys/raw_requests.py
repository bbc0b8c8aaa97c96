"""Requests as bytes, such as no client library sends."""

import asyncio
import re
from typing import Final

_REGISTER: Final = b"/registration/v1/enterprises"


def _plain(target: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"GET %s HTTP/1.1" % target, b"Host: x", b"Connection: close", *headers, b"", b""))


HOSTILE: Final = (
    _plain(_REGISTER + b"/%00%0a%22%7b%1b[31m", b'User-Agent: "}{"event": "x"}'),
    _plain(_REGISTER + b"/%ff%fe%ed%a0%80%e2%80%a8"),
    _plain(_REGISTER + b"?name=%ff%22%0d%0a", b'X-Request-Id: \xff\xfe"\\n'),
    _plain(_REGISTER, b'Authorization: Bearer \xe5\xbc\xa0"\\'),
    _plain(_REGISTER, b"traceparent: 00-" + b"0" * 32 + b"-b7ad6b7169203331-01"),
    _plain(_REGISTER, b"traceparent: 00-" + b"f" * 32 + b"-" + b"0" * 16 + b"-01"),
    _plain(_REGISTER, b"traceparent: 00-" + b"A" * 32 + b"-b7ad6b7169203331-01"),
    _plain(_REGISTER, b'traceparent: "}{'),
)
"""Well-formed as HTTP, and nothing that anybody sends in earnest."""
NO_REQUESTS: Final = (
    _plain(_REGISTER, b"User-Agent: \x7f\x0b\x1b[31m"),
    _plain(_REGISTER, b"X-Request-Id: a\x00b"),
    _plain(_REGISTER + b"/\x01\x02"),
)
"""What HTTP itself does not allow."""


async def raw(port: int, request: bytes) -> bytes:
    """Send bytes, and read until the other side has said all."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def id_and_status(answer: bytes) -> tuple[str, int]:
    """Under which request id an answer was given, and its status."""
    named = re.search(rb"(?i)\r\nx-request-id: ([0-9a-f]+)\r\n", answer)
    assert named is not None, answer
    return named[1].decode(), int(answer.split(b" ", 2)[1])
