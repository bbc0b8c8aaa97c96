"""Divisions (行政区划): the region, its place, its towns, its hours, and codes of the past."""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.region.facts import DivisionCode, Fact, Key, Line, Record, Text, TownCode
from shared.region.names import DivisionRef

ProvinceCode = Annotated[str, Field(pattern=r"^[1-9]\d$")]
SIX_DIGITS: Final = re.compile(r"[1-9][0-9]{5}", re.ASCII)


class DivisionLevel(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class DivisionStanding(StrEnum):
    """What a pack can say of a six-digit code."""

    CURRENT = "current"
    HISTORIC = "historic"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Division(Record):
    code: DivisionCode
    name: Line
    level: DivisionLevel
    parent: DivisionRef | None = None


class HistoricDivision(Fact):
    """A code no longer assigned that still stands in registers; `successor` is today's division, if one."""

    code: DivisionCode
    name: Line
    successor: DivisionRef | None = None


class DivisionTable(Fact):
    """All divisions of the region's prefecture, the codes they replaced, and the provinces of the country."""

    prefecture: DivisionRef
    entries: Annotated[tuple[Division, ...], Field(min_length=1, max_length=4000)]
    historic: Annotated[tuple[HistoricDivision, ...], Field(max_length=1000)] = ()
    province_codes: Annotated[tuple[ProvinceCode, ...], Field(min_length=1, max_length=40)]

    def find(self, code: str) -> Division | None:
        return next((entry for entry in self.entries if entry.code == code), None)

    def standing(self, code: str) -> DivisionStanding:
        """Say whether `code` is assigned now, was once, lies outside the table, or is no code at all.

        The table is complete for its prefecture only: an unlisted code there is historic,
        one elsewhere is undecided.
        """
        if self.find(code) is not None:
            return DivisionStanding.CURRENT
        if not SIX_DIGITS.fullmatch(code) or code[:2] not in self.province_codes:
            return DivisionStanding.UNKNOWN
        is_historic = code[:4] == self.prefecture[:4] or any(entry.code == code for entry in self.historic)
        return DivisionStanding.HISTORIC if is_historic else DivisionStanding.ELSEWHERE

    def accepts(self, code: str) -> bool:
        """Whether a record may carry `code`: any six digits of a known province, in use or not."""
        return self.standing(code) is not DivisionStanding.UNKNOWN


class Town(Record):
    code: TownCode
    name: Line


class OfficeSpan(Record):
    """One stretch of office time on a working day, local civil time."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("span_reversed", "an office span must open before it closes")
        return self


class OfficeHours(Fact):
    spans: Annotated[tuple[OfficeSpan, ...], Field(min_length=1, max_length=4)]

    @property
    def minutes_per_day(self) -> int:
        """Working minutes in one working day; half a working day is half of this."""
        return sum(_minutes(span.closes) - _minutes(span.opens) for span in self.spans)


class Closure(Fact):
    """A day on which the region's offices are shut beyond the national calendar."""

    date: date
    reason: Text


class Region(Fact):
    key: Key
    code: DivisionRef
    name: Text
    ancestors: Annotated[tuple[DivisionRef, ...], Field(min_length=1, max_length=4)]
    time_zone: Line
    towns: Annotated[tuple[Town, ...], Field(min_length=1, max_length=200)]
    office_hours: OfficeHours
    closures: Annotated[tuple[Closure, ...], Field(max_length=100)] = ()


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
