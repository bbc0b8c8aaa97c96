"""Field types of request models: strict (no coercion) and bounded, so that every input has its limits.

A request model derives from `RequestModel`. Plain `int`, `bool`, `float`, `date` and `datetime` coerce ("1", true,
1700000000) and are refused at start-up by `check_request_model`; an unbounded string or array likewise.
"""

import re
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from shared.identifiers.uscc import parse_uscc


class RequestModel(BaseModel):
    """Base of request bodies: unknown fields are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ResponseModel(BaseModel):
    """Base of answers."""

    model_config = ConfigDict(frozen=True)


_Day = TypeVar("_Day", date, datetime)
_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2999
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _written_as(shape: re.Pattern[str], code: str) -> BeforeValidator:
    """Only this way of writing: pydantic alone takes "0" and "1700000000" for seconds since 1970."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not shape.fullmatch(value):
            raise ValueError(code)
        if not isinstance(value, str | date | datetime):
            raise ValueError("string_type")
        return value

    return BeforeValidator(check)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("datetime_type")
    return value


def _reckonable(value: _Day) -> _Day:
    """Days and zones are added to it later: the calendar's own ends are out of reach."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError("year_out_of_range")
    return value


def _valid_uscc(value: str) -> str:
    try:
        return parse_uscc(value)
    except ValueError as error:
        raise ValueError(
            "uscc|统一社会信用代码不正确（GB 32100）|not a valid unified social credit code (GB 32100)"
        ) from error


Flag = StrictBool
Whole = Annotated[StrictInt, Field(ge=-(2**53) + 1, le=2**53 - 1)]
Count = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
Fen = Annotated[StrictInt, Field(ge=0, le=10**15, description="Amount in fen (分)")]
CivilDate = Annotated[date, _written_as(_DATE, "date_parsing"), AfterValidator(_reckonable)]
Instant = Annotated[
    datetime, _written_as(_INSTANT, "datetime_parsing"), AfterValidator(_aware), AfterValidator(_reckonable)
]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}([0-9]{3})?$", min_length=6, max_length=9)]
UsccField = Annotated[
    str,
    StringConstraints(min_length=18, max_length=18, pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
    AfterValidator(_valid_uscc),
    Field(examples=["91140881MAE000002E"]),
]

_COERCING = (int, float, bool, date, datetime)


@cache
def check_request_model(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a request model that would coerce their input or have no limit."""
    return tuple(_faults_of(model, set()))


def _faults_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[str]:
    if model in seen:
        return []
    seen.add(model)
    faults = []
    if model.model_config.get("extra") != "forbid":
        faults.append(f"{model.__name__}: unknown fields are not refused")
    properties = model.model_json_schema(mode="validation").get("properties", {})
    for name, info in model.model_fields.items():
        for part in _parts(info.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                faults += _faults_of(part, seen)
            elif part in _COERCING and not info.metadata and part is info.annotation:
                faults.append(
                    f"{model.__name__}.{name}: a plain {getattr(part, '__name__', part)} coerces its input"
                )
        faults += [f"{model.__name__}.{name}: {what}" for what in _unbounded(properties.get(name, {}))]
    return faults


def _parts(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", None)
    if isinstance(annotation, type) and issubclass(annotation, UUID | Enum):
        return []
    return [annotation] if not inner else [p for arg in inner for p in _parts(arg)]


def _unbounded(schema: dict[str, Any]) -> list[str]:
    found = []
    for option in schema.get("anyOf", [schema]):
        kind = option.get("type")
        bounded = {"maxLength", "enum", "const", "format", "pattern"} & set(option)
        if kind == "string" and not bounded:
            found.append("a string without limit")
        if kind == "array" and "maxItems" not in option:
            found.append("an array without limit")
    return found
