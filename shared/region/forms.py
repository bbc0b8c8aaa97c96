"""Form fields: every datum that any form asks for is defined once; forms are composed of them."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.names import SourceRef

JsonObject = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MAX_LENGTH: Final = 500
MAX_ITEMS: Final = 50
MAX_INTEGER: Final = 10**15


class FieldType(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    CODES = "codes"
    """A list of distinct codes."""
    RECORDS = "records"
    """A list of records, each with the same parts."""


class FieldShape(Record):
    """What an input may be; every string, number and list has limits."""

    type: FieldType
    title: Text
    pattern: Line | None = None
    choices: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    minimum: Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)] = 0
    maximum: Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)] = MAX_INTEGER
    max_length: Annotated[int, Field(ge=1, le=4000)] = MAX_LENGTH
    is_required: bool = True

    def json_schema(self) -> JsonObject:
        """This field as a JSON Schema without its source."""
        titles = {"title": self.title.zh, "x-title-en": self.title.en}
        match self.type:
            case FieldType.BOOLEAN:
                return {**titles, "type": "boolean"}
            case FieldType.INTEGER:
                return {**titles, "type": "integer", "minimum": self.minimum, "maximum": self.maximum}
            case FieldType.DATE:
                return {**titles, "type": "string", "format": "date", "minLength": 10, "maxLength": 10}
            case FieldType.CODES:
                return {**titles, **_list_of({"type": "string", **self._text_rules()}), "uniqueItems": True}
            case _:
                return {**titles, "type": "string", **self._text_rules()}

    def _text_rules(self) -> JsonObject:
        rules: JsonObject = {"minLength": 1, "maxLength": self.max_length}
        if self.pattern is not None:
            rules["pattern"] = self.pattern
        if self.choices:
            rules["enum"] = list(self.choices)
        return rules


class FieldPart(FieldShape):
    """One part of a record in a list of records."""

    key: Key


class FormField(FieldShape, Fact):
    """A datum of a form. With a `source` the suite has it: the form shows it prefilled and asks nobody."""

    key: Key
    source: SourceRef | None = None
    parts: Annotated[tuple[FieldPart, ...], Field(max_length=20)] = ()

    def json_schema(self, *, is_prefilled: bool = True) -> JsonObject:
        """This field as a JSON Schema; `x-source` tells where a prefilled value comes from."""
        shape = super().json_schema()
        if self.type is FieldType.RECORDS:
            titles = {"title": self.title.zh, "x-title-en": self.title.en}
            shape = {**titles, **_list_of(object_schema({part.key: part for part in self.parts}))}
        if is_prefilled and self.source is not None:
            shape["x-source"] = self.source
        return shape

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if (self.type is FieldType.RECORDS) != bool(self.parts):
            yield ("parts",), "a field of type records has parts, and only such a field"
        if self.minimum > self.maximum:
            yield ("minimum",), "is greater than maximum"


def object_schema(fields: Mapping[str, FieldShape]) -> JsonObject:
    """A closed object of `fields`; required are those that say so."""
    properties = {key: field.json_schema() for key, field in fields.items()}
    return closed_object(properties, [key for key, field in fields.items() if field.is_required])


def closed_object(properties: Mapping[str, JsonObject], required: Iterable[str]) -> JsonObject:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": list(required),
    }


def typed_fields(schema: JsonObject, path: str = "") -> Iterator[str]:
    """The pointer of each field that a person types: leaves without `x-source`; a list's parts count once."""
    if "x-source" in schema:
        return
    if schema.get("type") == "object":
        for name, part in schema["properties"].items():
            yield from typed_fields(part, f"{path}/{name}")
    elif schema.get("type") == "array" and schema["items"].get("type") == "object":
        yield from typed_fields(schema["items"], f"{path}/*")
    else:
        yield path


def _list_of(element: JsonObject) -> JsonObject:
    return {"type": "array", "minItems": 1, "maxItems": MAX_ITEMS, "items": element}
