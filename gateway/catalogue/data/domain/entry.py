"""What a catalogue entry says of a data resource (数据资源目录条目), and what it must say before it is published.

Sources: 政务数据共享条例 (国令809) arts. 16 and 19 on the catalogue and its three sharing classes;
黑龙江信用措施 一（二） on the eight elements; the codes as in the reference list of catalogue fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from gateway.catalogue.data.domain.grant_rules import Flaw
from shared.region import (
    ClosedBecause,
    DataType,
    FieldClass,
    OfferedWay,
    ResourceFormat,
    ResourceKind,
    SharingClass,
    UpdateCycle,
)


class Secrecy(StrEnum):
    """涉密属性: a state secret has no place in the catalogue."""

    UNCLASSIFIED = "unclassified"
    CLASSIFIED = "classified"


FORMAT_CODES: Final[Mapping[ResourceFormat, int]] = MappingProxyType(
    {each: code for code, each in enumerate(ResourceFormat, start=1)}
)
SHARING_CODES: Final[Mapping[SharingClass, int]] = MappingProxyType(
    {SharingClass.UNCONDITIONAL: 1, SharingClass.CONDITIONAL: 2, SharingClass.NONE: 3}
)


@dataclass(frozen=True)
class EntryField:
    """A field (信息项). `datum` names what it tells of whom: one datum has one collecting department (DS-04)."""

    name: str
    title_zh: str
    title_en: str
    data_type: DataType
    field_class: FieldClass
    datum: str
    closed_because: ClosedBecause | None = None


@dataclass(frozen=True)
class Entry:
    """The content of a catalogue entry; `summary` tells which acts or things the data records (具体行为)."""

    title_zh: str
    title_en: str
    summary: str
    data_source: str
    kind: ResourceKind
    format: ResourceFormat
    sharing_class: SharingClass
    conditions: tuple[str, ...]
    legal_basis: str | None
    ways: tuple[OfferedWay, ...]
    is_open: bool
    open_condition: str | None
    publication_months: int | None
    update_cycle: UpdateCycle
    related: tuple[str, ...]
    secrecy: Secrecy
    api_path: str | None
    event_type: str | None
    fields: tuple[EntryField, ...]
    record_schema: Mapping[str, Any]

    @property
    def open_fields(self) -> tuple[EntryField, ...]:
        """What the open catalogue shows of an open entry: its public fields, nothing else."""
        return tuple(field for field in self.fields if field.field_class is FieldClass.PUBLIC)


@dataclass(frozen=True)
class Surroundings:
    """What the rules need to know of the rest of the suite: services by path prefix, publishers, other entries."""

    services: frozenset[str]
    publishers: frozenset[str]
    resources: frozenset[str]


def flaws_of_entry(entry: Entry, around: Surroundings) -> Iterator[Flaw]:
    """Yield every reason why the entry cannot stand in the catalogue."""
    if entry.secrecy is not Secrecy.UNCLASSIFIED:
        yield Flaw(
            "/secrecy", "state_secret", "涉及国家秘密的数据不得进入共享目录", "a state secret is not shared"
        )
    yield from _sharing_flaws(entry)
    yield from _field_flaws(entry.fields)
    if entry.is_open and not entry.open_fields:
        yield Flaw("/is_open", "nothing_public", "没有可公开的信息项", "no field of it is public")
    for place, key in enumerate(entry.related):
        if key not in around.resources:
            yield Flaw(f"/related/{place}", "unknown_resource", "目录中没有该资源", "is not in the catalogue")
    yield from _link_flaws(entry, around)


def _sharing_flaws(entry: Entry) -> Iterator[Flaw]:
    if entry.sharing_class is SharingClass.NONE:
        if entry.legal_basis is None:
            yield Flaw(
                "/legal_basis",
                "missing",
                "不予共享须列明法律、行政法规或国务院决定依据",
                "what is not shared names the law that says so",
            )
        if entry.ways:
            yield Flaw("/ways", "not_shared", "不予共享的资源没有共享方式", "what is not shared has no way")
    elif not entry.ways:
        yield Flaw("/ways", "missing", "须列明共享方式", "name the ways of sharing")
    if entry.sharing_class is SharingClass.CONDITIONAL and not entry.conditions:
        yield Flaw("/conditions", "missing", "有条件共享须列明条件", "name the conditions")
    if entry.sharing_class is not SharingClass.CONDITIONAL and entry.conditions:
        yield Flaw("/conditions", "not_conditional", "该共享类型不得附加条件", "this class has no conditions")


def _field_flaws(fields: tuple[EntryField, ...]) -> Iterator[Flaw]:
    names = [field.name for field in fields]
    for place, field in enumerate(fields):
        if field.name in names[:place]:
            yield Flaw(f"/fields/{place}/name", "repeated", "信息项重复", "is named twice")
        is_public = field.field_class is FieldClass.PUBLIC
        if is_public == (field.closed_because is not None):
            yield Flaw(
                f"/fields/{place}/closed_because",
                "missing" if not is_public else "public",
                "不公开的信息项须列明事由，公开的不得列明",
                "a field that is not public names the reason, a public one has none",
            )


def _link_flaws(entry: Entry, around: Surroundings) -> Iterator[Flaw]:
    if entry.api_path is not None and entry.api_path.split("/")[1] not in around.services:
        yield Flaw("/api_path", "unknown_service", "没有该服务", "is no path of a service of this suite")
    if entry.event_type is not None and entry.event_type.split(".")[2] not in around.publishers:
        yield Flaw("/event_type", "unknown_event", "没有该事件", "is no event of this suite")
