"""A load generator for machines without wrk: asyncio streams, kept connections, answers read to their end."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.local.layout import HOST


@dataclass
class RawLoad:
    """What came of a load: how long each good answer took, how many were none, how long it all took."""

    good_seconds: list[float] = field(default_factory=list)
    errors: int = 0
    elapsed: float = 0.0


async def run_raw_load(
    message: Callable[[int], bytes],
    *,
    port: int,
    connections: int,
    seconds: float,
    at_most: int,
    pause_seconds: float = 0,
) -> RawLoad:
    """Send `message(1)`, `message(2)` ... until the time or the number is used up, with pauses of a mean length."""
    result = RawLoad()
    numbers = iter(range(1, at_most + 1))
    started = time.perf_counter()

    async def send_on_one() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            while time.perf_counter() - started < seconds:
                number = next(numbers, None)
                if number is None:
                    return
                if pause_seconds:
                    await asyncio.sleep(random.expovariate(1 / pause_seconds))
                began = time.perf_counter()
                writer.write(message(number))
                status = await asyncio.wait_for(_read_answer(reader), 10)
                if 200 <= status < 300:
                    result.good_seconds.append(time.perf_counter() - began)
                else:
                    result.errors += 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            result.errors += 1  # the server gave the connection up; the others go on
        finally:
            writer.close()

    await asyncio.gather(*(send_on_one() for _ in range(connections)))
    result.elapsed = time.perf_counter() - started
    return result


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
    }
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while (size := int((await reader.readline()).split(b";")[0], 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split(" ")[1])
