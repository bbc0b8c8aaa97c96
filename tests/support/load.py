"""A load client that remembers every attempt and every answer, and tries again with the same key."""

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.support.identities import bearer, person_token

_TOKEN = person_token("ann", "hotline.counter.move", "hotline.counter.read")


@dataclass
class Load:
    """Writers that each move their own counter by one, again and again, until told to stop."""

    url: str
    writers: int = 8
    answered: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    unreachable: int = 0
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Write until `stop`; every command is tried until it is answered."""
        async with httpx.AsyncClient(base_url=self.url, timeout=15) as client:
            await asyncio.gather(*(self._write(client, f"writer-{n}") for n in range(self.writers)))

    def stop(self) -> None:
        """Let each writer finish the command that it is at."""
        self._stopping.set()

    async def _write(self, client: httpx.AsyncClient, name: str) -> None:
        while not self._stopping.is_set():
            key = secrets.token_hex(16)
            while not await self._attempt(client, name, key):  # noqa: ASYNC110 - the server has no event to wait for
                await asyncio.sleep(0.05)
            self.answered[name] += 1

    async def _attempt(self, client: httpx.AsyncClient, name: str, key: str) -> bool:
        try:
            answer = await client.post(
                "/probe/v1/counters", json={"name": name, "by": 0}, headers=bearer(_TOKEN, key=key)
            )
        except httpx.HTTPError:
            self.unreachable += 1
            return False
        self.statuses[answer.status_code] += 1
        return answer.status_code == 201
