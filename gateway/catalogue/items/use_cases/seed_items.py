"""Bring the region pack's items and proofs into the catalogue; what a department has published since is its own."""

import logging
from datetime import date
from typing import Final

from gateway.catalogue.items.domain.item import Item, ItemStatus, ItemWithdrawal, publish, revise, withdraw
from gateway.catalogue.items.domain.proof import Proof
from gateway.catalogue.items.domain.standard import Wording
from gateway.catalogue.items.published import item_published, item_withdrawn
from gateway.catalogue.items.store.items import STANDARD_JSON, ItemStore
from gateway.catalogue.items.store.proofs import ProofStore
from gateway.catalogue.items.use_cases.checking import faults_of, surroundings_of
from gateway.catalogue.items.use_cases.pack_items import PackItem, items_of
from gateway.catalogue.items.use_cases.words import words_of
from shared.calendar import local_date
from shared.certificates.canonical import canonical_json, sha256_hex
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

log = logging.getLogger(__name__)

PACK: Final = "region-pack"
GONE: Final = "不再列入地区配置包"


async def seed_items(region: RegionPack, uow: UnitOfWork) -> int:
    """Return how many items were published or withdrawn; a second run does nothing.

    A changed item of the pack becomes the next version from today on, unless its department has published one.
    An item that may not stand so (a faulty pack) is left out, and logged.
    """
    store, today = ItemStore(uow.session), local_date(uow.now)
    await _seed_proofs(region, uow, today)
    known = await store.seeded()
    wanted = {item.code: item for item in items_of(region)}
    around = surroundings_of(region, await ProofStore(uow.session).listed_on(today))
    did = 0
    for code, item in wanted.items():
        digest = _digest(item, region)
        if code in known and known[code] in (None, digest):
            continue
        faults = faults_of(item.standard, around)
        if faults:
            reason = "; ".join(f"{fault.pointer} {fault.code}" for fault in faults)
            log.error("pack_item_flawed", extra={"item_code": code, "reason": reason})
            continue
        did += await _publish(item, digest, region, uow, today)
    for code in sorted(code for code, digest in known.items() if digest is not None and code not in wanted):
        await _withdraw(code, uow, today)
        did += 1
    return did


async def _publish(item: PackItem, digest: str, region: RegionPack, uow: UnitOfWork, today: date) -> bool:
    """False where a department works on it itself, or another one owns it."""
    store = ItemStore(uow.session)
    kept = await store.lock(item.code)
    if kept is None:
        drafted = Item(item.code, item.owner_uscc, ItemStatus.DRAFTED, item.standard)
        if not await store.add(drafted):
            return False  # another worker was first
    elif kept.status is ItemStatus.DRAFTED or kept.owner_uscc != item.owner_uscc:
        return False
    else:
        drafted = revise(kept, item.standard)
    on = max(today, drafted.last_effective_from or today)
    published, version = publish(drafted, effective_from=on, by=PACK, at=uow.now)
    await store.save(published)
    await store.add_version(version, words_of(item.standard, item.owner_uscc, region), digest)
    uow.announce(item_published(version))
    return True


async def _withdraw(code: str, uow: UnitOfWork, today: date) -> None:
    store = ItemStore(uow.session)
    item = await store.lock(code)
    if item is None or item.status is not ItemStatus.PUBLISHED:
        return
    withdrawal = ItemWithdrawal(today, GONE, PACK, uow.now)
    withdrawn = withdraw(item, withdrawal)
    await store.save(withdrawn)
    await store.end_versions(code, today)
    uow.announce(item_withdrawn(withdrawn, withdrawal))


async def _seed_proofs(region: RegionPack, uow: UnitOfWork, today: date) -> None:
    store = ProofStore(uow.session)
    for proof in region.service_items.proofs:
        title, guide = Wording(proof.title.zh, proof.title.en), Wording(proof.guide.zh, proof.guide.en)
        listed = Proof(
            code=proof.code,
            title=title,
            legal_basis=proof.legal_basis,
            requesting_unit=proof.requesting_unit,
            issuing_unit=proof.issuing_unit,
            guide=guide,
            introduced_on=today,
            listed_at=uow.now,
        )
        await store.add(listed)


def _digest(item: PackItem, region: RegionPack) -> str:
    """Of all that a version holds, with the words by which it is found."""
    words = list(words_of(item.standard, item.owner_uscc, region).texts)
    return sha256_hex(
        canonical_json([item.owner_uscc, STANDARD_JSON.dump_python(item.standard, mode="json"), words])
    )
