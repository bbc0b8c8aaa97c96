"""Prove that an entry stands in its closed interval, without showing the others."""

from dataclasses import dataclass

from gateway.audit.domain.entry import Link
from gateway.audit.domain.errors import EntryNotFound, IntervalOpen
from gateway.audit.domain.merkle import audit_path
from gateway.audit.domain.statements import SignedRoot
from gateway.audit.store.chain import ChainStore
from gateway.audit.store.roots import RootStore
from gateway.audit.use_cases.authority import is_auditor
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class Proof:
    """An entry, the signed root of its interval, and the hashes that lead from one to the other."""

    link: Link
    signed: SignedRoot
    path: tuple[str, ...]

    @property
    def place(self) -> int:
        """Where in its interval the entry stands, from 0."""
        return self.link.number - self.signed.root.first


async def _find(number: int, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Link:
    """Return an entry for the auditor or for whom it is about. Raises: EntryNotFound."""
    link = await ChainStore(uow.session).find(number)
    if link is None:
        raise EntryNotFound(number)
    is_own = link.act.owner_subject == caller.subject or (
        caller.enterprise is not None and link.act.record_key == caller.enterprise
    )
    if not is_own and not is_auditor(caller, region):
        raise EntryNotFound(number)
    return link


async def prove_entry(number: int, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Proof:
    """Raises: EntryNotFound, IntervalOpen."""
    link = await _find(number, caller, region, uow)
    roots = RootStore(uow.session, region.region.code)
    signed = await roots.over(number)
    if signed is None:
        raise IntervalOpen(number)
    hashes = await roots.hashes(signed.root.first, signed.root.count)
    return Proof(link, signed, audit_path(hashes, number - signed.root.first))
