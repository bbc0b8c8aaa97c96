"""A service item (政务服务事项) and its life: drafted, published in versions, withdrawn (取消)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.catalogue.items.domain.errors import ItemActionNotAllowed, NothingDrafted
from gateway.catalogue.items.domain.standard import Standard


class ItemStatus(StrEnum):
    """Where an item stands."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ItemAction(StrEnum):
    """What may be done to an item."""

    REVISE = "revise"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[tuple[ItemStatus, ItemAction], ItemStatus]] = MappingProxyType(
    {
        (ItemStatus.DRAFTED, ItemAction.REVISE): ItemStatus.DRAFTED,
        (ItemStatus.DRAFTED, ItemAction.PUBLISH): ItemStatus.PUBLISHED,
        (ItemStatus.PUBLISHED, ItemAction.REVISE): ItemStatus.PUBLISHED,
        (ItemStatus.PUBLISHED, ItemAction.PUBLISH): ItemStatus.PUBLISHED,
        (ItemStatus.PUBLISHED, ItemAction.WITHDRAW): ItemStatus.WITHDRAWN,
    }
)


@dataclass(frozen=True)
class ItemVersion:
    """A published version; it never changes but for the day on which another takes its place."""

    code: str
    version: int
    owner_uscc: str
    standard: Standard
    effective_from: date
    published_by: str
    published_at: datetime
    effective_until: date | None = None
    """The first day on which it holds no more."""


@dataclass(frozen=True)
class ItemWithdrawal:
    """That the item was withdrawn, from which day on and why."""

    effective_from: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Item:
    """An item as its owner works on it; `revision` counts every change, `version` the published ones.

    `last_effective_from` is the first day of the newest version.
    """

    code: str
    owner_uscc: str
    status: ItemStatus
    draft: Standard | None
    version: int = 0
    last_effective_from: date | None = None
    withdrawal: ItemWithdrawal | None = None
    revision: int = 1


def revise(item: Item, standard: Standard) -> Item:
    """Put another draft in place of the one there is. Raises: ItemActionNotAllowed."""
    status = _moved(item, ItemAction.REVISE)
    return replace(item, status=status, draft=standard, revision=item.revision + 1)


def publish(item: Item, *, effective_from: date, by: str, at: datetime) -> tuple[Item, ItemVersion]:
    """Make the draft a version that nobody changes any more. Raises: ItemActionNotAllowed, NothingDrafted."""
    status = _moved(item, ItemAction.PUBLISH)
    if item.draft is None:
        raise NothingDrafted(item.code)
    number = item.version + 1
    version = ItemVersion(item.code, number, item.owner_uscc, item.draft, effective_from, by, at)
    published = replace(
        item,
        status=status,
        draft=None,
        version=number,
        last_effective_from=effective_from,
        revision=item.revision + 1,
    )
    return published, version


def withdraw(item: Item, withdrawal: ItemWithdrawal) -> Item:
    """End the item; its versions stay readable, and cases keep theirs. Raises: ItemActionNotAllowed."""
    status = _moved(item, ItemAction.WITHDRAW)
    return replace(item, status=status, draft=None, withdrawal=withdrawal, revision=item.revision + 1)


def _moved(item: Item, action: ItemAction) -> ItemStatus:
    target = TRANSITIONS.get((item.status, action))
    if target is None:
        raise ItemActionNotAllowed(item.status, action)
    return target
