"""The names that sections of a pack define and other sections refer to, and the types of such references."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, NewType

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError


class Naming(StrEnum):
    """Kinds of names, worded as they appear in a fault ("unknown permit item 'tobaco'")."""

    AGENCY = "agency"
    DIVISION = "division"
    TERM = "limit"
    FORM_FIELD = "form field"
    PERMIT_ITEM = "permit item"
    SCHEME = "industry scheme"
    CATEGORY = "hotline category"
    RESOURCE = "data resource"
    SOURCE = "source of a field"
    RESOURCE_FIELD = "field of a data resource"
    SCOPE_CODE = "scope code"
    GRADE = "credit grade"
    DUTY = "duty"
    KIND = "kind of enterprise"
    STAGE = "life-cycle stage"
    MATTER = "matter"
    SERVICE_ITEM = "service item"


Names = NewType("Names", dict[Naming, frozenset[str]])


def _reference(naming: Naming) -> AfterValidator:
    def check(value: str, about: ValidationInfo) -> str:
        names: Names | None = about.context
        if names is not None and value not in names[naming]:
            raise PydanticCustomError(
                "unknown_name", "unknown {naming} '{value}'", {"naming": naming.value, "value": value}
            )
        return value

    return AfterValidator(check)


AgencyRef = Annotated[str, _reference(Naming.AGENCY)]
DivisionRef = Annotated[str, _reference(Naming.DIVISION)]
LimitRef = Annotated[str, _reference(Naming.TERM)]
FormFieldRef = Annotated[str, _reference(Naming.FORM_FIELD)]
PermitItemRef = Annotated[str, _reference(Naming.PERMIT_ITEM)]
SchemeRef = Annotated[str, _reference(Naming.SCHEME)]
CategoryRef = Annotated[str, _reference(Naming.CATEGORY)]
ResourceRef = Annotated[str, _reference(Naming.RESOURCE)]
SourceRef = Annotated[str, _reference(Naming.SOURCE)]
ScopeCodeRef = Annotated[str, _reference(Naming.SCOPE_CODE)]
GradeRef = Annotated[str, _reference(Naming.GRADE)]
DutyRef = Annotated[str, _reference(Naming.DUTY)]
KindRef = Annotated[str, _reference(Naming.KIND)]
StageRef = Annotated[str, _reference(Naming.STAGE)]
MatterRef = Annotated[str, _reference(Naming.MATTER)]
ServiceItemRef = Annotated[str, _reference(Naming.SERVICE_ITEM)]
"""Code of a service item: one of `service_items.listed`, `licensing.<permit item>` or `matters.<matter>`."""


def gather_names(sections: Mapping[str, object]) -> Names:
    """Collect every defined name from the unvalidated sections: one broken entry hides no other fault."""
    registration, hotline = sections.get("registration"), sections.get("hotline")
    return Names(
        {
            Naming.AGENCY: _each(sections.get("agencies"), "key"),
            Naming.DIVISION: _each(_part(sections.get("divisions"), "entries"), "code"),
            Naming.TERM: _each(sections.get("limits"), "key"),
            Naming.FORM_FIELD: _each(sections.get("form_fields"), "key"),
            Naming.PERMIT_ITEM: _each(sections.get("permit_items"), "key"),
            Naming.SCHEME: _each(sections.get("schemes"), "key"),
            Naming.CATEGORY: _each(_part(hotline, "categories"), "key"),
            Naming.RESOURCE: _each(sections.get("resources"), "key"),
            Naming.SOURCE: frozenset(_sources(sections.get("resources"))),
            Naming.RESOURCE_FIELD: frozenset(_resource_fields(sections.get("resources"))),
            Naming.SCOPE_CODE: _each(_part(registration, "scope_entries"), "code"),
            Naming.GRADE: _each(_part(sections.get("scorecard"), "grades"), "grade"),
            Naming.DUTY: frozenset(
                d for a in _items(sections.get("agencies")) for d in _each(_part(a, "duties"), "key")
            ),
            Naming.KIND: _each(_part(registration, "kinds"), "key"),
            Naming.STAGE: _each(_part(sections.get("handling"), "stages"), "key"),
            Naming.MATTER: _each(sections.get("matters"), "key"),
            Naming.SERVICE_ITEM: frozenset(_service_items(sections)),
        }
    )


def _part(section: object, name: str) -> object:
    return section.get(name) if isinstance(section, Mapping) else None


def _items(section: object) -> list[object]:
    return section if isinstance(section, list) else []


def _each(section: object, attribute: str) -> frozenset[str]:
    found = (_part(entry, attribute) for entry in _items(section))
    return frozenset(name for name in found if isinstance(name, str))


def _service_items(sections: Mapping[str, object]) -> Iterator[str]:
    yield from _each(_part(sections.get("service_items"), "listed"), "code")
    yield from (f"licensing.{key}" for key in _each(sections.get("permit_items"), "key"))
    yield from (f"matters.{key}" for key in _each(sections.get("matters"), "key"))


def _sources(resources: object) -> Iterator[str]:
    """`registration.name` for the field `name` of any resource whose key begins with `registration.`."""
    for resource in _items(resources):
        owner = str(_part(resource, "key")).partition(".")[0]
        for field in _each(_part(resource, "fields"), "name"):
            yield f"{owner}.{field}"


def _resource_fields(resources: object) -> Iterator[str]:
    for resource in _items(resources):
        for field in _each(_part(resource, "fields"), "name"):
            yield f"{_part(resource, 'key')}.{field}"
