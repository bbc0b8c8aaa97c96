"""Close an interval of the log: a signed Merkle root over what was appended since the last one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gateway.audit.domain.merkle import root_of
from gateway.audit.domain.statements import BEFORE_ALL_ROOTS, Root, sign_root, to_milliseconds
from gateway.audit.published import root_closed
from gateway.audit.store.roots import RootStore
from gateway.audit.use_cases.signing import LogKey
from shared.database.unit_of_work import UnitOfWork

MOST_ENTRIES: Final = 65_536


@dataclass(frozen=True)
class Closing:
    """The sweep that closes intervals; one lasts `every` at least."""

    region: str
    key: LogKey
    every: timedelta

    async def __call__(self, uow: UnitOfWork) -> int:
        """Close what lasted long enough; returns whether anything was closed."""
        store = RootStore(uow.session, self.region)
        await store.lock()
        before = await store.newest()
        first = before.root.last + 1 if before else 1
        oldest = await store.recorded_at(first)
        if oldest is None or uow.now - oldest < self.every:
            return 0
        hashes = await store.hashes(first, MOST_ENTRIES)
        root = Root(
            region=self.region,
            first=first,
            last=first + len(hashes) - 1,
            root=root_of(hashes),
            chain_hash=hashes[-1],
            prev_root=before.root.root if before else BEFORE_ALL_ROOTS,
            closed_at=to_milliseconds(uow.now),
        )
        signed = sign_root(root, await self.key.signing(uow))
        await store.add(signed)
        uow.announce(root_closed(signed))
        return 1
