"""Withdraw an item (取消事项)."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.catalogue.items.domain.errors import ItemFlawed
from gateway.catalogue.items.domain.item import Item, ItemWithdrawal, withdraw
from gateway.catalogue.items.published import item_withdrawn
from gateway.catalogue.items.store.items import ItemStore
from gateway.catalogue.items.use_cases.draft_item import own_item
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class WithdrawItem:
    """Which item is offered no longer, from which day on (today unless given), why, by whom."""

    code: str
    effective_from: date | None
    reason: str
    caller: Principal


async def withdraw_item(command: WithdrawItem, region: RegionPack, uow: UnitOfWork, now: datetime) -> Item:
    """Its versions stay readable. Raises: NotItemOwner, ItemActionNotAllowed; ItemFlawed for a day that is past."""
    store = ItemStore(uow.session)
    item = await own_item(command.code, command.caller, region, store)
    on = command.effective_from or local_date(now)
    withdrawal = ItemWithdrawal(on, command.reason, command.caller.reference, now)
    withdrawn = withdraw(item, withdrawal)
    if on < local_date(now):
        raise ItemFlawed(
            (FieldFault("/effective_from", "too_early", "不得早于今天", "must not be before today"),)
        )
    await store.save(withdrawn)
    await store.end_versions(item.code, on)
    uow.announce(item_withdrawn(withdrawn, withdrawal))
    return withdrawn
