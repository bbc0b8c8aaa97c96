"""Holds the answers of a report against its questions and the register, and tells every fault with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registration.domain.annual_report import Answers, FiledContent, Value
from services.registration.domain.publicity_policy import FieldKind, Publicity, ReportField, ReportPolicy
from services.registration.domain.wording import Wording


@dataclass(frozen=True)
class ReportFault:
    """What is wrong, and where (JSON pointer)."""

    pointer: str
    code: str
    text: Wording


@dataclass(frozen=True)
class Way:
    """How a known fact is changed: by which kind of filing, never in a report."""

    filing: str
    text: Wording


_ALTERATION: Final = Way("alteration", Wording("请提交变更登记申请", "file an alteration (变更登记)"))
_RECORD: Final = Way("record", Wording("请提交备案申请", "file a record (备案)"))
_NO_WAY: Final = Way("none", Wording("登记机关所载，不能更改", "as the register has it; it does not change"))
_WAYS: Final[Mapping[str, Way]] = {
    "uscc": _NO_WAY,
    "state": _NO_WAY,
    "established_on": _NO_WAY,
    "contact_phone": _RECORD,
}
_SHAPES: Final[Mapping[FieldKind, tuple[type, Wording]]] = {
    FieldKind.TEXT: (str, Wording("应为文字", "a text is expected")),
    FieldKind.WHOLE: (int, Wording("应为整数", "an integer is expected")),
    FieldKind.FLAG: (bool, Wording("应为 true 或 false", "true or false is expected")),
    FieldKind.DAY: (str, Wording("应为日期 YYYY-MM-DD", "a date YYYY-MM-DD is expected")),
}
_REQUIRED: Final = Wording("此项必填", "this field is required")
_UNKNOWN: Final = Wording("年度报告中没有此项", "the report has no such field")
_NOT_CHOSEN: Final = Wording(
    "此项是否公示不由企业选择", "whether this is published is not the enterprise's choice"
)


def way_to_change(field: str) -> Way:
    """By which filing a known field is changed."""
    return _WAYS.get(field, _ALTERATION)


def content_faults(content: FiledContent, policy: ReportPolicy) -> tuple[ReportFault, ...]:
    """Every fault of what is reported."""
    return (*_answer_faults(content.answers, policy), *_choice_faults(content, policy))


def known_faults(stated: Mapping[str, str], known: Mapping[str, str]) -> tuple[ReportFault, ...]:
    """Each known fact that is stated otherwise than the register has it, with the way to change it."""
    return tuple(
        ReportFault(f"/known/{name}", f"known_field.{way_to_change(name).filing}", way_to_change(name).text)
        for name, value in sorted(stated.items())
        if known.get(name) != value
    )


def _choice_faults(content: FiledContent, policy: ReportPolicy) -> Iterator[ReportFault]:
    open_to_choice = {
        field.key for part in policy.parts for field in part.fields if field.publicity is Publicity.CHOSEN
    }
    for field in sorted(content.chosen - open_to_choice):
        yield ReportFault(f"/publish/{field}", "not_chosen", _NOT_CHOSEN)


def _answer_faults(answers: Answers, policy: ReportPolicy) -> Iterator[ReportFault]:
    parts = {part.key: part for part in policy.parts}
    for key in sorted(set(answers) - set(parts)):
        yield ReportFault(f"/parts/{key}", "unknown", _UNKNOWN)
    for key, part in parts.items():
        given = answers.get(key, {})
        fields = {field.key: field for field in part.fields}
        for name in sorted(part.required() - set(given)):
            yield ReportFault(f"/parts/{key}/{name}", "missing", _REQUIRED)
        for name, value in given.items():
            fault = _UNKNOWN if name not in fields else _value_fault(fields[name], value)
            if fault is not None:
                code = "unknown" if name not in fields else "invalid"
                yield ReportFault(f"/parts/{key}/{name}", code, fault)


def _value_fault(field: ReportField, value: Value) -> Wording | None:
    shape, expected = _SHAPES[field.kind]
    if type(value) is not shape:
        return expected
    match value:
        case bool():
            return None
        case int() if not field.minimum <= value <= field.maximum:
            bounds = f"{field.minimum} … {field.maximum}"
            return Wording(f"应在 {bounds} 之间", f"must be within {bounds}")
        case str() if field.kind is FieldKind.DAY:
            return None if _is_day(value) else expected
        case str() if not 0 < len(value) <= field.max_length:
            return Wording(f"应为 1 至 {field.max_length} 个字符", f"1 to {field.max_length} characters")
        case str() if field.choices and value not in field.choices:
            offered = "、".join(field.choices)
            return Wording(f"应为 {offered} 之一", f"must be one of {offered}")
    return None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
