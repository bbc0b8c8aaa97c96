"""Events that the item catalogue publishes: versions of items, and items withdrawn."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from gateway.catalogue.items.domain.item import Item, ItemVersion, ItemWithdrawal
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

PUBLISHED_TYPE: Final = EventType("gateway", "item", "published")
WITHDRAWN_TYPE: Final = EventType("gateway", "item", "withdrawn")


class ItemPublished(Payload):
    """A version of an item holds from a day on, in place of the one before; cases keep theirs."""

    code: Annotated[str, Field(description="Code of the item, `<system or agency>.<item>`")]
    version: int
    owner_uscc: str
    title_zh: str
    title_en: str | None
    item_type: str
    levels: tuple[str, ...]
    online_full: bool
    effective_from: date


class ItemWithdrawn(Payload):
    """The item is not offered from a day on; running cases are brought to their end."""

    code: str
    version: Annotated[int, Field(description="The last version")]
    owner_uscc: str
    effective_from: date
    reason: str


def item_published(version: ItemVersion) -> Announcement:
    """Tell what is offered."""
    standard = version.standard
    payload = ItemPublished(
        code=version.code,
        version=version.version,
        owner_uscc=version.owner_uscc,
        title_zh=standard.title.zh,
        title_en=standard.title.en,
        item_type=standard.item_type.value,
        levels=tuple(level.value for level in standard.levels),
        online_full=standard.online_full,
        effective_from=version.effective_from,
    )
    return Announcement(PUBLISHED_TYPE, version.code, payload)


def item_withdrawn(item: Item, withdrawal: ItemWithdrawal) -> Announcement:
    """Tell what is offered no longer."""
    payload = ItemWithdrawn(
        code=item.code,
        version=item.version,
        owner_uscc=item.owner_uscc,
        effective_from=withdrawal.effective_from,
        reason=withdrawal.reason,
    )
    return Announcement(WITHDRAWN_TYPE, item.code, payload)


_MARKET: Final = "11140881MB9Y00024F"

PUBLISHED: Final = (
    Published(
        PUBLISHED_TYPE,
        ItemPublished,
        ItemPublished(
            code="licensing.food_operation",
            version=2,
            owner_uscc=_MARKET,
            title_zh="食品经营许可",
            title_en="Food operation permit",
            item_type="licence",
            levels=("county", "town"),
            online_full=True,
            effective_from=date(2026, 3, 2),
        ),
        "A version of a service item was published (事项发布)",
    ),
    Published(
        WITHDRAWN_TYPE,
        ItemWithdrawn,
        ItemWithdrawn(
            code="licensing.signboard",
            version=3,
            owner_uscc="11140881MB9Y00091D",
            effective_from=date(2026, 7, 1),
            reason="改为事中事后监管",
        ),
        "A service item was withdrawn (事项取消)",
    ),
)
