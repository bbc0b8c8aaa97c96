"""Catalogue entries (目录条目) as they are sent and shown."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints

from gateway.catalogue.data.api.grants import FieldName, ResourceKey
from gateway.catalogue.data.domain.entry import (
    FORMAT_CODES,
    SHARING_CODES,
    Entry,
    EntryField,
    Secrecy,
)
from gateway.catalogue.data.domain.record_schema import schema_of_fields
from gateway.catalogue.data.domain.resource import EntryStatus, EntryVersion
from gateway.catalogue.data.use_cases.read_resources import Listed
from shared.calendar import WorkingCalendar
from shared.region import (
    ClosedBecause,
    DataType,
    FieldClass,
    OfferedWay,
    RegionPack,
    ResourceFormat,
    ResourceKind,
    SharingClass,
    UpdateCycle,
)
from shared.web.fields import Flag, LongText, RequestModel, ResponseModel, ShortText

Months = Annotated[int, Field(strict=True, ge=1, le=1200)]
ApiPath = Annotated[str, StringConstraints(min_length=5, max_length=200, pattern=r"^/[a-z]+/v[0-9]+/[!-~]+$")]
EventName = Annotated[
    str,
    StringConstraints(
        min_length=20, max_length=200, pattern=r"^cn\.tongban\.[a-z]+\.[a-z_]+\.[a-z_]+\.v[0-9]+$"
    ),
]
_EXAMPLE_FIELDS = [
    {
        "name": "ticket_number",
        "title_zh": "检查单编号",
        "title_en": "Number of the inspection",
        "data_type": "string",
        "field_class": "public",
        "datum": "fire.inspection.number",
    }
]


class EntryFieldIn(RequestModel):
    """A field (信息项); one that is not public says why."""

    name: Annotated[FieldName, Field(examples=["ticket_number"])]
    title_zh: Annotated[ShortText, Field(examples=["检查单编号"])]
    title_en: Annotated[ShortText, Field(examples=["Number of the inspection"])]
    data_type: Annotated[DataType, Field(examples=["string"])]
    field_class: Annotated[FieldClass, Field(examples=["public"])]
    datum: Annotated[
        ResourceKey,
        Field(
            examples=["fire.inspection.number"], description="What it tells of whom (数据项): one collector"
        ),
    ]
    closed_because: ClosedBecause | None = None


class EntryIn(RequestModel):
    """What the catalogue is to say of a resource (目录要素)."""

    title_zh: Annotated[ShortText, Field(examples=["消防检查结果"])]
    title_en: Annotated[ShortText, Field(examples=["Results of fire checks"])]
    summary: Annotated[
        LongText, Field(examples=["公众聚集场所投入使用前的消防安全检查"], description="具体行为")
    ]
    data_source: Annotated[ShortText, Field(examples=["消防监督管理系统"], description="数据来源")]
    kind: Annotated[ResourceKind, Field(examples=["department"], description="信息资源分类")]
    format: Annotated[ResourceFormat, Field(examples=["database"], description="信息资源格式")]
    sharing_class: Annotated[SharingClass, Field(examples=["conditional"], description="共享类型")]
    conditions: Annotated[
        tuple[ShortText, ...],
        Field(
            max_length=20, examples=[["用于许可审查"]], description="共享条件, of conditional sharing only"
        ),
    ] = ()
    legal_basis: Annotated[
        ShortText | None, Field(description="不予共享依据: law, regulation or State Council decision")
    ] = None
    ways: Annotated[tuple[OfferedWay, ...], Field(max_length=3, examples=[["copy", "verify"]])]
    is_open: Annotated[Flag, Field(examples=[False], description="是否向社会开放")]
    open_condition: Annotated[ShortText | None, Field(description="开放条件")] = None
    publication_months: Annotated[
        Months | None, Field(examples=[36], description="公示期限; null: as long as the fact holds")
    ]
    update_cycle: Annotated[UpdateCycle, Field(examples=["monthly"], description="更新周期")]
    related: Annotated[tuple[ResourceKey, ...], Field(max_length=20, description="关联资源代码")] = ()
    secrecy: Annotated[Secrecy, Field(examples=["unclassified"], description="涉密属性")]
    api_path: ApiPath | None = None
    event_type: EventName | None = None
    fields: Annotated[
        tuple[EntryFieldIn, ...], Field(min_length=1, max_length=100, examples=[_EXAMPLE_FIELDS])
    ]
    record_schema: Annotated[
        dict[str, Any] | None,
        Field(
            max_length=20, description="JSON Schema of a record; made from the fields where it is left out"
        ),
    ] = None

    def entry(self) -> Entry:
        """Shape the entry of the domain."""
        fields = tuple(EntryField(**dict(field)) for field in self.fields)
        told = {name: value for name, value in self if name not in ("fields", "record_schema", "key")}
        schema = self.record_schema if self.record_schema is not None else schema_of_fields(fields)
        return Entry(**told, fields=fields, record_schema=schema)


class NewEntryIn(EntryIn):
    """A new entry, or the next version of one, under its key (信息资源代码)."""

    key: Annotated[ResourceKey, Field(examples=["fire.inspection"])]


class ResourceFieldOut(ResponseModel):
    """A field of a resource, who may see it, and why not everybody."""

    name: Annotated[str, Field(examples=["legal_representative_name"])]
    title_zh: Annotated[str, Field(examples=["法定代表人姓名"])]
    title_en: Annotated[str, Field(examples=["Name of the legal representative"])]
    data_type: DataType
    field_class: Annotated[FieldClass, Field(examples=["shared"])]
    datum: str
    closed_because: ClosedBecause | None


class EntryContent(ResponseModel):
    """What an entry says, with the codes of the reference list."""

    title_zh: Annotated[str, Field(examples=["经营主体登记信息"])]
    title_en: Annotated[str, Field(examples=["Registered enterprises"])]
    summary: str
    data_source: str
    kind: ResourceKind
    format: ResourceFormat
    format_code: Annotated[int, Field(examples=[7])]
    sharing_class: Annotated[SharingClass, Field(examples=["conditional"])]
    sharing_code: Annotated[int, Field(examples=[2])]
    conditions: list[str]
    legal_basis: str | None
    ways: list[OfferedWay]
    is_open: bool
    open_condition: str | None
    publication_months: int | None
    update_cycle: UpdateCycle
    related: list[str]
    secrecy: Secrecy
    api_path: str | None
    event_type: str | None
    fields: list[ResourceFieldOut]


class ResourceOut(EntryContent):
    """A data resource (数据资源) as it is in force: one owner, one sharing class, its fields, how fresh it is."""

    key: Annotated[str, Field(examples=["registration.enterprise"])]
    number: Annotated[int, Field(examples=[1], description="Number of the entry's version")]
    effective_on: date
    published_at: datetime
    owner_uscc: Annotated[str, Field(examples=["11140881MB9Y00016L"])]
    owner_name_zh: Annotated[str, Field(examples=["永济市行政审批服务管理局"])]
    owner_name_en: Annotated[str, Field(examples=["Administrative Approval Service Bureau of Yongji"])]
    updated_at: datetime | None
    is_stale: Annotated[bool, Field(description="Older than its update cycle (超期未更新)")]
    change_reason: Annotated[str | None, Field(description="Why the entry is to be changed")]
    change_due_at: Annotated[datetime | None, Field(description="Until when")]

    @classmethod
    def of(cls, listed: Listed, region: RegionPack, calendar: WorkingCalendar, now: datetime) -> Self:
        """Shape an entry as it stands now."""
        version, resource = listed.version, listed.resource
        owner = region.agency_by_uscc(version.owner_uscc)
        change = resource.change.due_at(calendar) if resource.change else None
        return cls(
            **content_of(version.entry),
            key=version.key,
            number=version.number,
            effective_on=version.effective_on or date.min,
            published_at=version.published_at or now,
            owner_uscc=version.owner_uscc,
            owner_name_zh=owner.name.zh if owner else version.owner_uscc,
            owner_name_en=owner.name.en if owner else version.owner_uscc,
            updated_at=resource.updated_at,
            is_stale=resource.is_stale(now),
            change_reason=resource.change_reason,
            change_due_at=change.at if change else None,
        )


class HappeningOut(ResponseModel):
    """A line of the history; actors are references of ids."""

    action: Annotated[str, Field(examples=["submit"])]
    at: datetime
    by: str
    agency_uscc: str | None
    reason: str | None
    basis: str | None


class DraftOut(EntryContent):
    """A version of an entry that is being worked on, and until when it is reviewed."""

    key: str
    number: int
    owner_uscc: str
    status: EntryStatus
    effective_on: date | None
    review_due_at: datetime | None
    history: list[HappeningOut]

    @classmethod
    def of(cls, version: EntryVersion, calendar: WorkingCalendar) -> Self:
        """Shape a version."""
        in_review = version.review is not None and version.status is EntryStatus.IN_REVIEW
        due = version.review.due_at(calendar) if version.review and in_review else None
        return cls(
            **content_of(version.entry),
            key=version.key,
            number=version.number,
            owner_uscc=version.owner_uscc,
            status=version.status,
            effective_on=version.effective_on,
            review_due_at=due.at if due else None,
            history=[HappeningOut(**vars(step)) for step in version.history],
        )


class VersionOut(ResponseModel):
    """A published version of an entry, who published it and from when it is in force."""

    number: int
    effective_on: date
    published_at: datetime
    published_by: str
    owner_uscc: str
    title_zh: str
    sharing_class: SharingClass

    @classmethod
    def of(cls, version: EntryVersion) -> Self:
        """Shape a published version."""
        last = version.history[-1]
        return cls(
            number=version.number,
            effective_on=version.effective_on or date.min,
            published_at=version.published_at or last.at,
            published_by=last.agency_uscc or last.by,
            owner_uscc=version.owner_uscc,
            title_zh=version.entry.title_zh,
            sharing_class=version.entry.sharing_class,
        )


def content_of(entry: Entry) -> dict[str, Any]:
    """The members of an entry's answer."""
    shown = {name: value for name, value in vars(entry).items() if name not in ("fields", "record_schema")}
    fields = [ResourceFieldOut(**vars(field)) for field in entry.fields]
    codes = {
        "format_code": FORMAT_CODES[entry.format],
        "sharing_code": SHARING_CODES[entry.sharing_class],
    }
    return {**shown, **codes, "fields": fields}
