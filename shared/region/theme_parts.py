"""What parts and themes may say beside their order: when a part is there, what an option asks, who consolidates."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.names import FormFieldRef, LimitRef


class FilingKind(StrEnum):
    """What a filing step asks of the register, in the words of its API (登记申请的种类)."""

    ESTABLISHMENT = "establishment"
    ALTERATION = "alteration"
    RELOCATION = "relocation"
    SIMPLE_DEREGISTRATION = "simple_deregistration"
    DEREGISTRATION = "deregistration"


class PackageSection(StrEnum):
    """What the start-up package holds beside the policies (创业礼包). Source: REG-09 (晋城城区方案 #16)."""

    LICENCE = "licence"
    INDUSTRY_PERMITS = "industry_permits"
    TAX_INVOICES = "tax_invoices"
    SEALS = "seals"


class OnlyIf(Record):
    """A part is in the case only where a field has the value, or that `part` of any of its records, or with `is_not`
    where none has. The field is one of the form, or one that the register knows of the enterprise.
    """

    field: FormFieldRef
    part: Key | None = None
    value: bool | Line
    is_not: bool = False

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether the facts call for the part."""
        return self._has_value(facts.get(self.field)) is not self.is_not

    def _has_value(self, typed: Any) -> bool:
        if self.part is None:
            return bool(typed == self.value or (isinstance(typed, list) and self.value in typed))
        return any(record.get(self.part) == self.value for record in typed or ())


class Option(Record):
    """A field that asks for more: where it has the value, or holds it, `fields` must be filled in too."""

    field: FormFieldRef
    value: bool | Line = True
    fields: Annotated[tuple[FormFieldRef, ...], Field(min_length=1, max_length=30)]


def chosen(options: Iterable[Option]) -> dict[str, Any]:
    """The rule of a form's schema by which a chosen option makes its fields mandatory; nothing without options."""
    rules = [
        {
            "if": {"properties": {option.field: _having(option.value)}, "required": [option.field]},
            "then": {"required": list(option.fields)},
        }
        for option in options
    ]
    return {"allOf": rules} if rules else {}


def _having(value: bool | str) -> dict[str, Any]:
    """The value itself, or a list that holds it."""
    alone: dict[str, Any] = {"const": value}
    return {"anyOf": [alone, {"type": "array", "contains": alone}]}


class Consolidation(Fact):
    """Of what came in at a counter, the department of the last step puts together and checks the results (归总核验)."""

    title: Text
    limit: LimitRef


class PolicyDocument(Fact):
    """A policy that a new enterprise is given (惠企政策), of its industry or of all."""

    key: Key
    title: Text
    issued_by: Line
    industries: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-T](\d{2,4})?$")], ...], Field(max_length=50)
    ] = ()
    """Sections or classes of GB/T 4754, or beginnings of them; without, every industry."""

    def is_for(self, industries: frozenset[str]) -> bool:
        """Whether it is about one of these industry classes."""
        return not self.industries or any(each.startswith(self.industries) for each in industries)
