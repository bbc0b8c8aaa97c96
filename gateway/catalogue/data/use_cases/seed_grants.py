"""Bring the region pack's grants into force: issue the new, replace the changed, withdraw the gone."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from gateway.catalogue.data.domain.grant import LIVING, Grant, GrantStatus, Seed, Terms, withdraw
from gateway.catalogue.data.published import grant_issued, grant_withdrawn
from gateway.catalogue.data.store.grants import GrantStore
from shared.calendar import CHINA
from shared.certificates.canonical import canonical_json, sha256_hex
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import Grant as PackGrant
from shared.region import RegionPack
from shared.sharing.deciding import Way

PACK: Final = "region-pack"


async def seed_grants(region: RegionPack, uow: UnitOfWork) -> int:
    """Return how many grants were issued or withdrawn; a second run does nothing.

    A grant of the pack that the data bureau withdrew stays withdrawn for as long as the pack says the same.
    """
    store = GrantStore(uow.session)
    kept = await store.lock_newest_seeded()
    wanted = {seed.key: (seed, terms) for seed, terms in (_seeded(grant, region) for grant in region.grants)}
    did = 0
    for key, grant in kept.items():
        is_stale = key not in wanted or wanted[key][0] != grant.seed
        if grant.status_at(uow.now) in LIVING and is_stale:
            await _withdraw(grant, store, uow)
            did += 1
    for key, (seed, terms) in wanted.items():
        if _is_settled(kept.get(key), seed) or terms.valid_until <= uow.now:
            continue
        grant = Grant(new_uuid7(), terms, GrantStatus.ISSUED, PACK, uow.now, seed=seed)
        await store.add(grant)
        uow.announce(grant_issued(grant))
        did += 1
    return did


async def _withdraw(grant: Grant, store: GrantStore, uow: UnitOfWork) -> None:
    withdrawn = withdraw(grant, by=PACK, at=uow.now)
    await store.save(withdrawn)
    uow.announce(grant_withdrawn(withdrawn, uow.now))


def _is_settled(grant: Grant | None, seed: Seed) -> bool:
    return grant is not None and grant.seed == seed and grant.withdrawn_by != PACK


def _seeded(grant: PackGrant, region: RegionPack) -> tuple[Seed, Terms]:
    terms = Terms(
        agency_uscc=region.agency(grant.agency).uscc,
        resource=grant.resource,
        fields=grant.fields,
        purpose=grant.purpose,
        valid_until=_end_of(grant.until),
        regions=grant.regions,
        scenes=grant.scenes,
        ways=tuple(Way(way) for way in grant.ways),
        needs_consent=grant.needs_consent or region.third_party(grant.agency) is not None,
        needs_case_number=grant.needs_case_number,
        basis=grant.basis.zh,
    )
    stated: list[object] = [terms.agency_uscc, list(terms.fields), terms.valid_until.isoformat(), terms.basis]
    stated += [
        [name, value]
        for name, value in (
            ("regions", list(terms.regions)),
            ("scenes", list(terms.scenes)),
            ("ways", [way for way in terms.ways if terms.ways != (Way.COPY,)]),
            ("needs_consent", terms.needs_consent),
            ("needs_case_number", terms.needs_case_number),
        )
        if value  # what is not said leaves the digest of older packs as it was
    ]
    key = f"{grant.agency}/{grant.resource}/{grant.purpose}"
    return Seed(key, sha256_hex(canonical_json(stated))), terms


def _end_of(last_day: date) -> datetime:
    """The first instant after a civil day in China."""
    return datetime.combine(last_day + timedelta(days=1), time(0), CHINA).astimezone(UTC)
