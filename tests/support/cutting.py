"""A TCP proxy that can cut a connection in the middle of an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class CuttingProxy:
    """Forwards to a server; while `cuts` is set, an answer is swallowed and the connection reset instead."""

    port: int
    target: int
    cuts: bool = False
    swallowed: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        upwards = asyncio.create_task(self._pump(reader, back))
        try:
            while data := await there.read(65536):
                if self.cuts:
                    self.swallowed += 1
                    break
                writer.write(data)
                await writer.drain()
        finally:
            upwards.cancel()
            back.close()
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def cutting_proxy(target: int, port: int = 0) -> AsyncIterator[CuttingProxy]:
    """Run a proxy in front of a local port, on a port of its own unless one is named."""
    proxy = CuttingProxy(0, target)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
