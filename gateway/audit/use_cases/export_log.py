"""Export the log, by whole intervals, in constant memory: `gateway/audit/domain/export_file.py` says how it reads."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.audit.domain.entry import Head, Link
from gateway.audit.domain.export_file import begin_line, end_line, entry_line, root_line
from gateway.audit.domain.statements import Extent, SignedRoot, sign_extent, to_milliseconds
from gateway.audit.store.chain import ChainStore
from gateway.audit.store.roots import KeyStore, RootStore
from gateway.audit.use_cases.authority import require_auditor
from gateway.audit.use_cases.record_look import record_look
from gateway.audit.use_cases.signing import LogKey
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.region import RegionPack
from shared.security.keys import SigningKey
from shared.security.principal import Principal

_PAGE: Final = 1000


@dataclass(frozen=True)
class Period:
    """Intervals closed from `begins_at` on, until before `ends_at`; without an end the open interval is in it too."""

    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Export:
    """What is exported: the entries after `before` up to `last`; `key` signs the extent."""

    region: str
    before: Head
    last: int
    public_keys: list[dict[str, str]]
    at: datetime
    key: SigningKey = field(repr=False)


async def plan_export(
    caller: Principal, region: RegionPack, period: Period, log_key: LogKey, uow: UnitOfWork
) -> Export:
    """Choose the intervals; what is appended afterwards is not in the export, which is recorded itself.

    Raises: AuditorsOnly.
    """
    require_auditor(caller, region)
    code = region.region.code
    roots = RootStore(uow.session, code)
    await roots.lock()
    key = await log_key.signing(uow)
    chain = ChainStore(uow.session)
    before = await roots.last_before(period.begins_at) if period.begins_at else None
    until = await roots.last_before(period.ends_at) if period.ends_at else None
    last = (until.root.last if until else 0) if period.ends_at else (await chain.head()).number
    begins = Head(before.root.last, before.root.chain_hash) if before else Head()
    record_look(caller, f"{begins.number + 1}-{last}", ("export",), uow)
    return Export(code, begins, last, await KeyStore(uow.session).public(), uow.now, key)


async def exported_lines(export: Export, transactions: UnitOfWorkFactory) -> AsyncIterator[str]:
    """Yield the export page by page, each in a short transaction of its own: a slow reader holds none open."""
    yield begin_line(export.region, export.before, export.public_keys)
    head, passed = export.before, 0
    while head.number < export.last:
        async with transactions.open() as uow:
            links = await ChainStore(uow.session).following(head.number, export.last, _PAGE)
            signed = await RootStore(uow.session, export.region).within(links[0].number, links[-1].number)
        roots = {each.root.last: each for each in signed if each.root.first > export.before.number}
        passed += len(roots)
        yield "".join(_with_roots(links, roots))
        head = Head(links[-1].number, links[-1].hash)
    extent = Extent(
        region=export.region,
        first=export.before.number + 1,
        last=head.number,
        prev_hash=export.before.hash,
        hash=head.hash,
        roots=passed,
        exported_at=to_milliseconds(export.at),
    )
    yield end_line(sign_extent(extent, export.key))


def _with_roots(links: Sequence[Link], roots: Mapping[int, SignedRoot]) -> Iterator[str]:
    """Each root stands behind the last entry of its interval."""
    for link in links:
        yield entry_line(link)
        if link.number in roots:
            yield root_line(roots[link.number])
