"""The public credit catalogue (公共信用信息目录): only what it lists may be recorded, shared or published."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.names import AgencyRef


class Nature(StrEnum):
    """What a record says of its subject (性质分类)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class Severity(StrEnum):
    """Class of a dishonesty (失信程度): 轻微, 一般, 严重."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Openness(StrEnum):
    """Whether the public may see it (公开属性)."""

    PUBLIC = "public"
    ON_REQUEST = "on_request"
    NOT_PUBLIC = "not_public"


class RecordSharing(StrEnum):
    """Whether departments may see it (共享属性)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NONE = "none"


class PublicityPeriod(Record):
    """Months of publication (公示期限): no repair before `least`, ended by itself at `most`."""

    least: Annotated[int, Field(ge=0, le=120)]
    most: Annotated[int, Field(ge=0, le=240)] | None
    """None: as long as the fact lasts."""


class CatalogueItem(Fact):
    """An item with the eight elements that a catalogue must state (CRD-03).

    `conduct` 具体行为, `providers` 提供单位, `data_source` 数据来源, `nature` 性质分类, `sharing` 共享属性,
    `openness` 公开属性, `publicity` 公示期限, `update_cycle` 更新周期.
    """

    key: Key
    title: Text
    conduct: Text
    providers: Annotated[tuple[AgencyRef, ...], Field(min_length=1, max_length=50)]
    data_source: Line
    nature: Nature
    severity: Severity | None = None
    sharing: RecordSharing
    openness: Openness
    publicity: PublicityPeriod
    update_cycle: Line
    is_penalty: bool = False
    """An administrative penalty: the three excluded kinds (CRD-04) are looked at before it is recorded."""
    from_event: Line | None = None
    """The event type, less version, that makes such a record without manual entry (CRD-06)."""

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.publicity.most is not None and self.publicity.most < self.publicity.least:
            yield ("publicity", "most"), "is shorter than the least period"
        if (self.nature is Nature.NEGATIVE) != (self.severity is not None):
            yield ("severity",), "belongs to negative items, and to all of them"
