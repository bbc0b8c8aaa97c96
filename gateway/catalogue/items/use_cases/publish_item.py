"""Publish the draft of an item as its next version."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.catalogue.items.domain.errors import ItemFlawed
from gateway.catalogue.items.domain.item import Item, ItemVersion, publish
from gateway.catalogue.items.published import item_published
from gateway.catalogue.items.store.items import ItemStore
from gateway.catalogue.items.use_cases.checking import check_standard
from gateway.catalogue.items.use_cases.draft_item import own_item
from gateway.catalogue.items.use_cases.words import words_of
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault


@dataclass(frozen=True)
class PublishItem:
    """Which item, from which day on (today unless given), by whom."""

    code: str
    effective_from: date | None
    caller: Principal


async def publish_item(
    command: PublishItem, region: RegionPack, uow: UnitOfWork, now: datetime
) -> tuple[Item, ItemVersion]:
    """The owner publishes; nobody else does it for the department.

    Raises: NotItemOwner, NothingDrafted, ItemActionNotAllowed; ItemFlawed, also for a day that is past.
    Source: 滁州条例 art. 27 (the owning department publishes and updates).
    """
    store = ItemStore(uow.session)
    item = await own_item(command.code, command.caller, region, store)
    today = local_date(now)
    on = command.effective_from or today
    published, version = publish(item, effective_from=on, by=command.caller.reference, at=now)
    _check_day(on, max(today, item.last_effective_from or today))
    await check_standard(version.standard, region, uow, on)
    await store.save(published)
    await store.add_version(version, words_of(version.standard, item.owner_uscc, region))
    uow.announce(item_published(version))
    return published, version


def _check_day(on: date, earliest: date) -> None:
    if on < earliest:
        fault = FieldFault(
            "/effective_from",
            "too_early",
            f"不得早于{earliest.isoformat()}",
            f"must not be before {earliest.isoformat()}",
        )
        raise ItemFlawed((fault,))
