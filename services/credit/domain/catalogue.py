"""The public credit catalogue (公共信用信息目录): only what it lists may be recorded, shared or published."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.credit.domain.errors import NotInCatalogue
from services.credit.domain.wording import Wording


class Nature(StrEnum):
    """What a record says of its subject (性质分类)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class Severity(StrEnum):
    """Class of a dishonesty (轻微、一般、严重). Source: 信用修复管理办法 (发改委令 36), 2026-04-01."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Openness(StrEnum):
    """Whether the public may see it (公开属性)."""

    PUBLIC = "public"
    ON_REQUEST = "on_request"
    NOT_PUBLIC = "not_public"


class Sharing(StrEnum):
    """Whether other departments may see it (共享属性)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NONE = "none"


@dataclass(frozen=True)
class Elements:
    """What a record inherits from its item and keeps, however the catalogue changes later.

    With the providing unit of the record these are the eight elements of 黑龙江信用措施 一（二）:
    具体行为, 提供单位, 数据来源, 性质分类, 共享属性, 公开属性, 公示期限 (months), 更新周期.
    """

    title: Wording
    conduct: Wording
    data_source: str
    nature: Nature
    severity: Severity | None
    sharing: Sharing
    openness: Openness
    least_months: int
    most_months: int | None
    """None: as long as the fact lasts."""
    update_cycle: str


@dataclass(frozen=True)
class CatalogueItem:
    """One item: who may provide it (agencies by credit code), which event makes it without manual entry."""

    key: str
    elements: Elements
    providers: frozenset[str]
    is_penalty: bool
    from_event: str | None


@dataclass(frozen=True)
class Catalogue:
    """The effective catalogue, by key."""

    items: Mapping[str, CatalogueItem]

    def item(self, key: str) -> CatalogueItem:
        """Raises: NotInCatalogue. Source: 黑龙江信用措施 一（一）, 目录制管理."""
        found = self.items.get(key)
        if found is None:
            raise NotInCatalogue(catalogue_item=key)
        return found

    def item_of_event(self, event_type: str) -> CatalogueItem | None:
        """The item that an event type (with or without its version) makes a record of, if there is one."""
        return next((item for item in self.items.values() if _is_made_by(item, event_type)), None)


def _is_made_by(item: CatalogueItem, event_type: str) -> bool:
    name = item.from_event
    return name is not None and (event_type == name or event_type.rpartition(".v")[0] == name)
