"""Verify the audit chain: `python -m gateway.audit.verify DATABASE_URL [NUMBER HASH]`.

NUMBER and HASH are a head that was noted earlier: with them a chain whose newest entries were cut off, or
that was written anew from the beginning, is found out too. Exit code 0 for a whole chain, 1 for a broken one.
"""

import asyncio
import sys
from collections.abc import Sequence

from sqlalchemy import make_url, pool
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from gateway.audit.domain.entry import Broken, Head, Verification
from gateway.audit.store.chain import all_links


async def verify_chain(connection: AsyncConnection, noted: Head | None = None) -> tuple[Head, Broken | None]:
    """Walk the whole chain in constant memory; return its head and the first link that does not hold."""
    walk = Verification()
    noted_seen = noted is None or noted == Head()
    async for links in all_links(connection):
        if walk.take(links) is not None:
            return walk.head, walk.broken
        noted_seen = noted_seen or any(Head(link.number, link.hash) == noted for link in links)
    if noted is not None and not noted_seen:
        return walk.head, Broken(noted.number, "it is not the entry whose hash was noted")
    return walk.head, None


async def _verify(url: str, noted: Head | None) -> tuple[Head, Broken | None]:
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await verify_chain(connection, noted)
    finally:
        await engine.dispose()


def main(arguments: Sequence[str]) -> int:
    """Verify and say the result in one line."""
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and not arguments[1].isdecimal()):
        sys.stderr.write("usage: python -m gateway.audit.verify DATABASE_URL [NUMBER HASH]\n")
        return 2
    noted = Head(int(arguments[1]), arguments[2]) if len(arguments) == 3 else None
    head, broken = asyncio.run(_verify(arguments[0], noted))
    if broken is not None:
        sys.stdout.write(f"broken at entry {broken.number}: {broken.why}\n")
        return 1
    sys.stdout.write(f"whole: {head.number} entries, head {head.hash}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
