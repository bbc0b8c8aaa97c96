"""What the city says of annual reports (年度报告), publicity and the list of abnormal operations (经营异常名录)."""

import calendar
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from shared.region.facts import Fact, Key, Record, Text
from shared.region.forms import FieldShape, FieldType
from shared.region.names import AgencyRef, LimitRef

_LEAP_YEAR: Final = 2024
_WRITTEN: Final = (FieldType.STRING, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.DATE)


class Publicity(StrEnum):
    """Who sees a field: everybody (公示), everybody if the enterprise chooses so (选择公示), or its department."""

    PUBLIC = "public"
    CHOSEN = "chosen"
    CLOSED = "closed"


class CivilDay(Record):
    """A day of any year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    @property
    def is_a_day(self) -> bool:
        """Whether a leap year has it."""
        return self.day <= calendar.monthrange(_LEAP_YEAR, self.month)[1]


class ReportField(FieldShape):
    """A question of the annual report."""

    key: Key
    publicity: Publicity


class ReportPart(Fact):
    """What one department asks, in the one report (多报合一)."""

    key: Key
    title: Text
    department: AgencyRef
    fields: Annotated[tuple[ReportField, ...], Field(min_length=1, max_length=50)]


class AnnualReportRules(Fact):
    """The window of the report and when it is reminded of, in days before its end."""

    opens: CivilDay
    closes: CivilDay
    prompts: Annotated[tuple[Annotated[int, Field(ge=1, le=180)], ...], Field(max_length=5)]
    parts: Annotated[tuple[ReportPart, ...], Field(min_length=1, max_length=20)]

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name, day in (("opens", self.opens), ("closes", self.closes)):
            if not day.is_a_day:
                yield (name, "day"), "is no day of that month"
        if (self.closes.month, self.closes.day) <= (self.opens.month, self.opens.day):
            yield ("closes",), "is not after opens"
        keys = [field.key for part in self.parts for field in part.fields]
        for place, part in enumerate(self.parts):
            for number, field in enumerate(part.fields):
                where = ("parts", place, "fields", number)
                if keys.count(field.key) > 1:
                    yield (*where, "key"), f"'{field.key}' is asked for twice"
                if field.type not in _WRITTEN:
                    yield (*where, "type"), "a report asks for texts, numbers, days, yes or no"


class ListingRules(Fact):
    """How enterprises come on the list of abnormal operations and off it.

    `is_automatic`: who filed no report is entered by the rules; otherwise an officer confirms each entry.
    """

    is_automatic: bool
    decision_limit: LimitRef
    removal_limit: LimitRef
    objection_limit: LimitRef
    objection_answer_limit: LimitRef
    serious_after: LimitRef
    failed_attempts: Annotated[int, Field(ge=1, le=10)]
    letters_apart_least_days: Annotated[int, Field(ge=1, le=365)]
    letters_apart_most_days: Annotated[int, Field(ge=1, le=365)]


class PublicityRules(Fact):
    """Who supervises publicity, and the times for it."""

    authority: AgencyRef
    disclosure_limit: LimitRef
    order_limit: LimitRef
    annual_report: AnnualReportRules
    listing: ListingRules

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for path, why in self.annual_report.incoherences():
            yield ("annual_report", *path), why
        if self.listing.letters_apart_least_days > self.listing.letters_apart_most_days:
            yield ("listing", "letters_apart_least_days"), "is greater than letters_apart_most_days"
