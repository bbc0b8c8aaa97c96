"""Draft an item, or the next version of one."""

from dataclasses import dataclass
from datetime import datetime

from gateway.catalogue.items.domain.errors import ItemExists, NothingDrafted, NotItemOwner
from gateway.catalogue.items.domain.item import Item, ItemStatus, revise
from gateway.catalogue.items.domain.standard import Standard
from gateway.catalogue.items.store.items import ItemStore
from gateway.catalogue.items.use_cases.authority import require_department
from gateway.catalogue.items.use_cases.checking import check_standard
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.conditional import Precondition


@dataclass(frozen=True)
class DraftItem:
    """What holds for which item, by whose word."""

    code: str
    standard: Standard
    caller: Principal


async def draft_item(command: DraftItem, region: RegionPack, uow: UnitOfWork, now: datetime) -> Item:
    """Begin an item. Raises: NotItemOwner; ItemFlawed with every reason; ItemExists."""
    owner = require_department(command.caller, region)
    await check_standard(command.standard, region, uow, local_date(now))
    item = Item(command.code, owner, ItemStatus.DRAFTED, command.standard)
    if not await ItemStore(uow.session).add(item):
        raise ItemExists(command.code)
    return item


async def revise_draft(
    command: DraftItem, known: Precondition, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Item:
    """Put another draft in its place. Raises: NotItemOwner; ItemFlawed; ItemActionNotAllowed; a stale ETag."""
    store = ItemStore(uow.session)
    item = await own_item(command.code, command.caller, region, store)
    known.check(item.revision)
    revised = revise(item, command.standard)
    await check_standard(command.standard, region, uow, local_date(now))
    await store.save(revised)
    return revised


async def read_draft(code: str, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Item:
    """Raises: NotItemOwner, NothingDrafted."""
    owner = require_department(caller, region)
    item = await ItemStore(uow.session).find(code)
    if item is None or item.owner_uscc != owner:
        raise NotItemOwner
    if item.draft is None:
        raise NothingDrafted(code)
    return item


async def own_item(code: str, caller: Principal, region: RegionPack, store: ItemStore) -> Item:
    """Return an item of the caller's department, locked. Raises: NotItemOwner, also where there is none."""
    owner = require_department(caller, region)
    item = await store.lock(code)
    if item is None or item.owner_uscc != owner:
        raise NotItemOwner
    return item
