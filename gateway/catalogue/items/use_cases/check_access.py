"""Check whether an industry may be entered freely (市场准入负面清单): what is not on the list is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.catalogue.items.domain.item import ItemVersion
from gateway.catalogue.items.store.items import ItemStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.service_item import AccessKind
from shared.region import AccessEntry, RegionPack


class AccessResult(StrEnum):
    """What the list says of an industry."""

    ALLOWED = "allowed"
    PERMIT_NEEDED = "permit_needed"
    PROHIBITED = "prohibited"


@dataclass(frozen=True)
class ListedEntry:
    """An entry with the items through which the permit is applied for."""

    entry: AccessEntry
    items: tuple[ItemVersion, ...]


def result_of(entries: Sequence[AccessEntry]) -> AccessResult:
    """Outside the list everybody may enter (单外无单). Source: 贵州条例 art. 19."""
    kinds = {entry.kind for entry in entries}
    if AccessKind.PROHIBITED in kinds:
        return AccessResult.PROHIBITED
    return AccessResult.PERMIT_NEEDED if kinds else AccessResult.ALLOWED


async def entries_of(
    industry: str | None, on: date, region: RegionPack, uow: UnitOfWork
) -> tuple[ListedEntry, ...]:
    """Return the entries for an industry class, or all of them."""
    entries = [
        entry
        for entry in region.service_items.market_access.entries
        if industry is None or industry in entry.industries
    ]
    codes = {code for entry in entries for code in entry.items}
    known = await ItemStore(uow.session).titles(codes, on) if codes else {}
    return tuple(
        ListedEntry(entry, tuple(known[code] for code in entry.items if code in known)) for entry in entries
    )
