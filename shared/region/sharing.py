"""The seed of the data-sharing catalogue (共享目录): resources, their fields, who may read them for what."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.region.elements import CatalogueElements, ClosedBecause, DataType
from shared.region.facts import DottedKey, Fact, Key, Record, Text
from shared.region.names import AgencyRef, DivisionRef, Names, Naming, ResourceRef


class SharingClass(StrEnum):
    """共享类型. Source: 政务数据共享条例 (国令809)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NONE = "none"


class FieldClass(StrEnum):
    PUBLIC = "public"
    SHARED = "shared"
    PERSONAL = "personal"


class SharingWay(StrEnum):
    """As a copy (数据落地), or as a yes or no to a claim (数据核验). Source: DS-08."""

    COPY = "copy"
    VERIFY = "verify"


class ResourceField(Record):
    """A field; what is a trade secret (商业秘密) is never for a third party. Source: DS-19."""

    name: Key
    title: Text
    field_class: FieldClass
    data_type: DataType = DataType.STRING
    closed_because: ClosedBecause | None = None


class DataResource(Fact):
    """A resource of one service; its key is `<service>.<resource>`."""

    key: DottedKey
    title: Text
    provider: AgencyRef
    sharing_class: SharingClass
    elements: CatalogueElements
    fields: Annotated[tuple[ResourceField, ...], Field(min_length=1, max_length=100)]


class Grant(Fact):
    """Who may read which fields of a resource for which purpose until when (授权)."""

    agency: AgencyRef
    resource: ResourceRef
    fields: Annotated[tuple[Key, ...], Field(min_length=1, max_length=100)]
    purpose: Key
    basis: Text
    until: date
    regions: tuple[DivisionRef, ...] = ()
    scenes: tuple[Key, ...] = ()
    ways: Annotated[tuple[SharingWay, ...], Field(min_length=1)] = (SharingWay.COPY,)
    needs_consent: bool = False
    needs_case_number: bool = False

    @field_validator("fields")
    @classmethod
    def _belong_to_the_resource(cls, fields: tuple[str, ...], about: ValidationInfo) -> tuple[str, ...]:
        names: Names | None = about.context
        resource = about.data.get("resource")
        if names is None or resource is None:
            return fields
        unknown = [name for name in fields if f"{resource}.{name}" not in names[Naming.RESOURCE_FIELD]]
        if unknown:
            what = {"unknown": ", ".join(unknown), "resource": resource}
            raise PydanticCustomError("unknown_field", "not fields of {resource}: {unknown}", what)
        return fields


class ThirdParty(Fact):
    """An institution outside the state: it reads the listed resources only, each subject's by authorisation.

    Source: 贵州条例 第二十六条、第二十八条 (DS-19); 售电公司办法 第十五条 (DS-27).
    """

    agency: AgencyRef
    resources: tuple[ResourceRef, ...]


RegisterEventType = Annotated[
    str,
    StringConstraints(
        pattern=r"^cn\.tongban\.registration(\.[a-z][a-z0-9_]*){2}\.v[1-9][0-9]?$", max_length=120
    ),
]


class MustFollow(Fact):
    """Departments that must fetch what the register tells, in time, and acknowledge it (及时主动获取).

    Source: 青海证照分离 二 (REG-21).
    """

    agencies: Annotated[tuple[AgencyRef, ...], Field(min_length=1, max_length=100)]
    event_types: Annotated[tuple[RegisterEventType, ...], Field(min_length=1, max_length=50)]
