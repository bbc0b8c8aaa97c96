"""Keep the list of proofs that may still be asked for (保留的证明事项清单)."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.catalogue.items.domain.errors import ProofExists, ProofNotFound
from gateway.catalogue.items.domain.facets import facet
from gateway.catalogue.items.domain.proof import Currency, Proof, cancel, currency_of
from gateway.catalogue.items.store.proofs import ProofStore
from gateway.catalogue.items.store.search import ItemSearch
from gateway.catalogue.items.use_cases.authority import require_keeper
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class KeptProof:
    """An entry, and whether the lists follow its last change in time."""

    proof: Proof
    currency: Currency


async def list_proof(proof: Proof, caller: Principal, region: RegionPack, uow: UnitOfWork) -> KeptProof:
    """Add an entry. Raises: ProofListKeeperOnly, ProofExists."""
    require_keeper(caller, region)
    if not await ProofStore(uow.session).add(proof):
        raise ProofExists(proof.code)
    return (await _kept([proof], region, uow))[0]


async def cancel_proof(
    code: str, on: date | None, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> KeptProof:
    """Cancel an entry. Raises: ProofListKeeperOnly, ProofNotFound, ProofCancelled."""
    require_keeper(caller, region)
    store = ProofStore(uow.session)
    proof = await store.lock(code)
    if proof is None:
        raise ProofNotFound(code)
    cancelled = cancel(proof, on or local_date(now))
    await store.save(cancelled)
    return (await _kept([cancelled], region, uow))[0]


async def read_proofs(after: str | None, limit: int, region: RegionPack, uow: UnitOfWork) -> list[KeptProof]:
    """Return a page of the list by code, cancelled entries too."""
    return await _kept(await ProofStore(uow.session).page(after=after, limit=limit), region, uow)


async def _kept(proofs: list[Proof], region: RegionPack, uow: UnitOfWork) -> list[KeptProof]:
    today, calendar = local_date(uow.now), region.calendar()
    names = [facet("proof", proof.code) for proof in proofs]
    demanding = await ItemSearch(uow.session).with_facets(today, names) if names else []
    return [
        KeptProof(
            proof,
            currency_of(proof, tuple(sorted(c for c, held in demanding if name in held)), today, calendar),
        )
        for proof, name in zip(proofs, names, strict=True)
    ]
