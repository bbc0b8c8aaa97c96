"""Bad input told field by field, in both languages, with JSON pointers."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.web.problems import FieldFault

_WORDING: Mapping[str, tuple[str, str]] = {
    "missing": ("此项必填", "this field is required"),
    "extra_forbidden": ("不认识的字段", "this field is not known"),
    "string_type": ("应为字符串", "a string is expected"),
    "string_too_short": ("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": ("至多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "must match {pattern}"),
    "int_type": ("应为整数", "an integer is expected"),
    "int_from_float": ("应为整数", "an integer is expected"),
    "bool_type": ("应为 true 或 false", "true or false is expected"),
    "float_type": ("应为数值", "a number is expected"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "greater_than": ("应大于 {gt}", "must be more than {gt}"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "enum": ("应为 {expected} 之一", "must be one of {expected}"),
    "union_tag_invalid": ("应为 {expected_tags} 之一", "must be one of {expected_tags}"),
    "union_tag_not_found": ("须以 {discriminator} 说明种类", "must say by {discriminator} which kind it is"),
    "literal_error": ("应为 {expected} 之一", "must be one of {expected}"),
    "too_long": ("至多 {max_length} 项", "at most {max_length} entries"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} entries"),
    "list_type": ("应为数组", "an array is expected"),
    "dict_type": ("应为对象", "an object is expected"),
    "model_type": ("应为对象", "an object is expected"),
    "model_attributes_type": ("应为对象", "an object is expected"),
    "date_type": ("应为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected"),
    "date_from_datetime_parsing": ("应为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected"),
    "date_parsing": ("应为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected"),
    "datetime_type": ("应为带时区的时间", "an instant with its zone is expected"),
    "datetime_parsing": ("应为带时区的时间", "an instant with its zone is expected"),
    "uuid_parsing": ("应为 UUID", "a UUID is expected"),
    "uuid_type": ("应为 UUID", "a UUID is expected"),
    "not_utf8": ("请求内容不是 UTF-8", "the body is not UTF-8"),
    "not_json": ("请求内容不是 JSON", "the body is not JSON"),
    "too_deep": ("嵌套过深", "nested too deeply"),
    "duplicate_name": ("同一对象中有重名字段", "a name stands twice in one object"),
    "not_a_number": ("不接受 NaN 或无穷大", "NaN and infinities are not taken"),
    "number_out_of_range": ("数值超出范围", "the number is out of range"),
    "year_out_of_range": ("年份应在 1800 至 2999 之间", "the year must lie between 1800 and 2999"),
    "no_letters": ("应含有文字", "must contain letters"),
    "bad_character": ("含有不允许的字符", "contains a character that is not allowed"),
}
_UNKNOWN = ("不符合要求", "is not as expected")


def fault(pointer: str, code: str, **values: object) -> FieldFault:
    """Build a fault from its code; wording comes from the table."""
    zh, en = _WORDING.get(code, _UNKNOWN)
    return FieldFault(pointer, code, zh.format_map(_Open(values)), en.format_map(_Open(values)))


def faults_from_pydantic(errors: Sequence[Mapping[str, Any]], body: object = None) -> list[FieldFault]:
    """Translate FastAPI's validation errors; the input itself is never repeated.

    Of a `body` that is of one kind or another, pydantic names the kind as if it were a field: that is left out.
    """
    placed = [{**e, "loc": _without_tag(e["loc"], body)} for e in errors[:50]]
    return [
        fault(_pointer(e["loc"]), str(e["type"]), **_quiet(e.get("ctx", {})))
        if e["type"] != "value_error"
        else _own(e)
        for e in placed
    ]


def _without_tag(location: Sequence[object], body: object) -> Sequence[object]:
    if len(location) < 2 or location[0] != "body" or not isinstance(body, Mapping):
        return location
    first = location[1]
    is_tag = first not in body and first == body.get("kind") and isinstance(first, str)
    return (location[0], *location[2:]) if is_tag else location


def _own(error: Mapping[str, Any]) -> FieldFault:
    """A validator of ours raised ValueError: its text is `code|zh|en`, or a plain code."""
    code, _, wording = str(error.get("ctx", {}).get("error", "")).partition("|")
    zh, _, en = wording.partition("|")
    if zh and en:
        return FieldFault(_pointer(error["loc"]), code, zh, en)
    return fault(_pointer(error["loc"]), code if code in _WORDING else "invalid")


def _pointer(location: Sequence[object]) -> str:
    """JSON pointer of a body field; parameters are named as `query:limit`."""
    where, *rest = location or ("body",)
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    return path if where == "body" else f"{where}:{path.removeprefix('/')}"


def _quiet(context: Mapping[str, Any]) -> dict[str, object]:
    return {k: v for k, v in context.items() if isinstance(v, str | int | float)}


class _Open(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
