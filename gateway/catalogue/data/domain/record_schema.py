"""The JSON Schema of a resource's records: made from the fields, or given within a plain vocabulary.

Plain: what can be checked in one pass, without patterns that take forever and without references that reach out.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from jsonschema import Draft202012Validator

from gateway.catalogue.data.domain.entry import EntryField
from gateway.catalogue.data.domain.grant_rules import Flaw
from shared.region import DataType

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MAX_DEPTH: Final = 6
KEYWORDS: Final = frozenset(
    {
        *("$schema", "$id", "title", "description", "type", "properties", "required", "additionalProperties"),
        *("items", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
        *("uniqueItems", "format"),
    }
)
_META: Final = Draft202012Validator(Draft202012Validator.META_SCHEMA)
_BY_TYPE: Final[Mapping[DataType, Mapping[str, Any]]] = MappingProxyType(
    {
        DataType.STRING: {"type": "string", "maxLength": 2000},
        DataType.INTEGER: {"type": "integer"},
        DataType.NUMBER: {"type": "number"},
        DataType.BOOLEAN: {"type": "boolean"},
        DataType.DATE: {"type": "string", "format": "date"},
        DataType.INSTANT: {"type": "string", "format": "date-time"},
        DataType.LIST: {"type": "array", "maxItems": 1000},
        DataType.OBJECT: {"type": "object"},
    }
)


def schema_of_fields(fields: Sequence[EntryField]) -> dict[str, Any]:
    """A closed object of the fields, none required: an owner may leave a value out, never add one."""
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {field.name: dict(_BY_TYPE[field.data_type]) for field in fields},
        "additionalProperties": False,
    }


def flaws_of_schema(schema: Mapping[str, Any], fields: Sequence[EntryField]) -> Iterator[Flaw]:
    """Yield what a given schema has beyond the plain vocabulary, and where it does not speak of the fields."""
    yield from _vocabulary_flaws(schema, "/record_schema", MAX_DEPTH)
    for error in _META.iter_errors(schema):
        pointer = "".join(f"/{step}" for step in ("record_schema", *error.absolute_path))
        yield Flaw(pointer, "not_a_schema", "不符合 JSON Schema 2020-12", "is no JSON Schema 2020-12")
    properties = schema.get("properties")
    named = set(properties) if isinstance(properties, Mapping) else set()
    if schema.get("type") != "object" or named != {field.name for field in fields}:
        yield Flaw(
            "/record_schema/properties",
            "not_the_fields",
            "数据结构须为对象，且与信息项一致",
            "the schema is an object whose properties are the fields of the entry",
        )


def _vocabulary_flaws(schema: object, pointer: str, depth: int) -> Iterator[Flaw]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping) or not depth:
        yield Flaw(pointer, "not_a_schema", "不是可接受的数据结构", "is no schema, or nested too deeply")
        return
    for keyword in schema:
        if keyword not in KEYWORDS:
            yield Flaw(
                f"{pointer}/{keyword}", "unknown_keyword", "不支持该关键字", "this keyword is not taken"
            )
    properties = schema.get("properties", {})
    if isinstance(properties, Mapping):
        for name, inner in properties.items():
            yield from _vocabulary_flaws(inner, f"{pointer}/properties/{name}", depth - 1)
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from _vocabulary_flaws(schema[keyword], f"{pointer}/{keyword}", depth - 1)
