"""The elements of a catalogue entry (目录要素) that a department states of a data resource beside its fields.

Sources: 黑龙江信用措施 一（二） (eight elements); 政务数据共享条例 (国令809) on conditions and on what is not shared.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Line, Record


class ResourceKind(StrEnum):
    """信息资源分类: what the resource belongs to."""

    BASIC = "basic"
    THEME = "theme"
    DEPARTMENT = "department"


class ResourceFormat(StrEnum):
    """信息资源格式, in the order of its codes in the reference list."""

    ELECTRONIC_FILE = "electronic_file"
    SPREADSHEET = "spreadsheet"
    DATABASE = "database"
    IMAGE = "image"
    STREAMING = "streaming"
    SELF_DESCRIBING = "self_describing"
    SERVICE_INTERFACE = "service_interface"


class OfferedWay(StrEnum):
    """共享方式: a copy of the data, an answer to a claim, or a file."""

    COPY = "copy"
    VERIFY = "verify"
    FILE = "file"


class UpdateCycle(StrEnum):
    """更新周期; what is served live from its source cannot grow old, and irregular data has no cycle."""

    LIVE = "live"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class DataType(StrEnum):
    """数据类型 of a field."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    LIST = "list"
    OBJECT = "object"


class ClosedBecause(StrEnum):
    """Why a field is not public (不公开事由). Source: 政府信息公开条例 arts. 14 to 16."""

    PRIVACY = "privacy"
    BUSINESS = "trade_secret"
    OFFICIAL_PROCESS = "official_process"


class CatalogueElements(Record):
    """What the entry says; `publication_months` None: as long as the fact holds."""

    summary: Line
    data_source: Line
    kind: ResourceKind
    format: ResourceFormat
    ways: tuple[OfferedWay, ...]
    conditions: tuple[Line, ...] = ()
    legal_basis: Line | None = None
    is_open: bool
    open_condition: Line | None = None
    publication_months: Annotated[int, Field(ge=1, le=1200)] | None
    update_cycle: UpdateCycle
    api_path: Annotated[str, Field(pattern=r"^/[a-z]+/v[0-9]+/.+$", max_length=200)] | None = None
    event_type: Annotated[str, Field(max_length=200)] | None = None
