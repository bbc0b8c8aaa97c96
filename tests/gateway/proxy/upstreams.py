"""Services behind a gateway under test: one that tells what reached it, one that misbehaves as it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive, Scope, Send


@dataclass
class Echo:
    """Answers with what it received; `/gate` answers in two pieces, the second when the gate opens."""

    received: list[dict[str, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    first_piece: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            message: Message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if body:
                self.first_piece.set()
            more = message.get("more_body", False)
        seen = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[n.decode(), v.decode("latin-1")] for n, v in scope["headers"]],
            "length": len(body),
        }
        self.received.append(seen)
        headers = [
            (b"content-type", b"application/json"),
            (b"set-cookie", b"service=secret"),
            (b"x-tongban-origin", b"gateway"),
            (b"connection", b"keep-alive, x-hop"),
            (b"x-hop", b"1"),
            (b"etag", b'"7"'),
            (b"link", b'<a>; rel="next"'),
            (b"link", b'<b>; rel="last"'),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"].endswith("/gate"):
            await send({"type": "http.response.body", "body": b'["first"', "more_body": True})
            await self.gate.wait()
            await send({"type": "http.response.body", "body": b',"second"]'})
            return
        await send({"type": "http.response.body", "body": json.dumps(seen).encode()})


@dataclass
class Misbehaving:
    """A server that counts connections and does with each what the path says."""

    connections: int = 0
    requests: int = 0
    _open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`close` hangs up without an answer, `cut` in the middle of one, `slow` never answers."""
        self.connections += 1
        self._open.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            path = head.split(b" ")[1]
            if path.endswith(b"/slow"):
                return
            if path.endswith(b"/cut"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                await writer.drain()
            if path.endswith(b"/nonsense"):
                writer.write(b"220 smtp.example ESMTP\r\n\r\n")
                await writer.drain()
            writer.close()

    def hang_up(self) -> None:
        """Close what is still open."""
        for writer in self._open:
            writer.close()


@asynccontextmanager
async def misbehaving() -> AsyncIterator[tuple[Misbehaving, int]]:
    """Run a misbehaving server; yields it and its port."""
    behaviour = Misbehaving()
    server = await asyncio.start_server(behaviour.handle, "127.0.0.1", 0)
    try:
        yield behaviour, server.sockets[0].getsockname()[1]
    finally:
        behaviour.hang_up()
        server.close()
