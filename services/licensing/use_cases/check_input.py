"""Holds what was sent against a JSON Schema of the region, and tells every fault with its pointer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from shared.web.problems import FieldFault

MAX_FAULTS: Final = 50


@dataclass(eq=False)
class InputRefused(Exception):
    """What was sent does not fit the region's questions or form."""

    faults: tuple[FieldFault, ...]


def _is_integer(_: Any, value: object) -> bool:
    """A whole number is written as one: neither true nor 3.0."""
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)
_TYPES: Final = {
    "string": ("文字", "a text"),
    "integer": ("整数", "an integer"),
    "boolean": ("true 或 false", "true or false"),
    "array": ("数组", "an array"),
    "object": ("对象", "an object"),
}
_WORDING: Final = {
    "enum": ("应为 {0} 之一", "must be one of {0}"),
    "pattern": ("应符合格式 {0}", "must match {0}"),
    "minimum": ("应不小于 {0}", "must be at least {0}"),
    "maximum": ("应不大于 {0}", "must be at most {0}"),
    "minLength": ("至少 {0} 个字符", "at least {0} characters"),
    "maxLength": ("至多 {0} 个字符", "at most {0} characters"),
    "minItems": ("至少 {0} 项", "at least {0} entries"),
    "maxItems": ("至多 {0} 项", "at most {0} entries"),
    "uniqueItems": ("各项不得重复", "entries must differ"),
    "format": ("应为有效日期 YYYY-MM-DD", "a valid date YYYY-MM-DD is expected"),
}


def schema_faults(schema: Mapping[str, Any], value: Any, at: str) -> tuple[FieldFault, ...]:
    """Every fault of `value`, at most 50, by pointer under `at`."""
    validator = _Validator(dict(schema), format_checker=FormatChecker(formats=["date"]))
    found = {
        (fault.pointer, fault.code): fault
        for error in validator.iter_errors(value)
        for fault in _faults(error, at)
    }
    return tuple(found[key] for key in sorted(found))[:MAX_FAULTS]


def demand(faults: tuple[FieldFault, ...]) -> None:
    """Raise InputRefused unless there is no fault."""
    if faults:
        raise InputRefused(faults[:MAX_FAULTS])


def merge_form(
    schema: Mapping[str, Any], form: Mapping[str, Any], known: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[FieldFault, ...]]:
    """The complete form and its faults: what the register knows is taken from it and need not be sent.

    A sent value that contradicts the register is a fault: the register is altered first, not the form.
    """
    known = {name: value for name, value in known.items() if name in schema["properties"]}
    open_schema = {
        **schema,
        "properties": {name: part for name, part in schema["properties"].items() if name not in known},
        "required": [name for name in schema["required"] if name not in known],
    }
    sent = {name: value for name, value in form.items() if name not in known}
    contradictions = tuple(
        FieldFault(
            pointer("/form", name),
            "differs_from_register",
            "与登记信息不一致；此项无需填写，如需更改请先办理变更登记",
            "differs from the register; leave it out, or have the registration altered first",
        )
        for name, value in known.items()
        if name in form and _plain(form[name]) != _plain(value)
    )
    return {**known, **sent}, (*contradictions, *schema_faults(open_schema, sent, "/form"))


def pointer(at: str, *parts: object) -> str:
    """A JSON pointer (RFC 6901), at most 500 characters."""
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return (at + path)[:500]


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, list | tuple) else value


def _faults(error: ValidationError, at: str) -> Iterator[FieldFault]:
    where = pointer(at, *error.absolute_path)
    expected: Any = error.validator_value
    given: Any = error.instance
    within: Any = error.schema
    match error.validator:
        case "required":
            for name in expected:
                if name not in given:
                    yield FieldFault(pointer(where, name), "missing", "此项必填", "this field is required")
        case "additionalProperties":
            for name in given:
                if name not in within["properties"]:
                    yield FieldFault(
                        pointer(where, name), "extra_forbidden", "不认识的字段", "this field is not known"
                    )
        case "type":
            zh, en = _TYPES.get(str(expected), ("", "another type"))
            yield FieldFault(where, "type", f"应为{zh}", f"{en} is expected")
        case rule:
            zh, en = _WORDING.get(str(rule), ("不符合要求", "is not as expected"))
            shown = ", ".join(map(str, expected)) if isinstance(expected, list) else expected
            yield FieldFault(where, _snake(str(rule)), zh.format(shown)[:500], en.format(shown)[:500])


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
