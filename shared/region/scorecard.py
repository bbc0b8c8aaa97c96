"""The credit score card (公共信用综合评价): points for facts and records, grades, and what a grade allows."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Points, Record, Text
from shared.region.names import GradeRef


class FactorSubject(StrEnum):
    """What a factor looks at: entries in the credit record, or a fact known of the enterprise."""

    RECORD = "record"
    FACT = "fact"


class Factor(Fact):
    """Points for each match, together at most `cap` away from zero."""

    key: Key
    title: Text
    subject: FactorSubject
    matches: Key
    """The catalogue item of a record, or the name of a fact."""
    points: Points
    cap: Points


class Grade(Record):
    """A grade from `at_least` points upwards; `risk` is the class of 国市监信发〔2022〕6号 in words."""

    grade: Annotated[str, Field(pattern=r"^[A-Z]$")]
    at_least: Points
    risk: Text


class WarningRule(Fact):
    """Announce a warning when the grade falls to one of `grades`, or the score by `drop` points at once."""

    grades: Annotated[tuple[GradeRef, ...], Field(min_length=1, max_length=10)]
    drop: Points


class Scorecard(Fact):
    version: Line
    base: Points
    floor: Points
    ceiling: Points
    factors: Annotated[tuple[Factor, ...], Field(min_length=1, max_length=100)]
    grades: Annotated[tuple[Grade, ...], Field(min_length=2, max_length=10)]
    """From the best down; the last one begins at the floor."""
    commitment_grades: Annotated[tuple[GradeRef, ...], Field(max_length=10)]
    warning: WarningRule

    def grade_of(self, score: Decimal) -> str:
        """The grade of a score between floor and ceiling."""
        return next((step.grade for step in self.grades if score >= step.at_least), self.grades[-1].grade)

    def meets(self, grade: str, minimum: str) -> bool:
        """Whether `grade` is as good as `minimum` or better."""
        order = [step.grade for step in self.grades]
        return order.index(grade) <= order.index(minimum)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if not self.floor <= self.base <= self.ceiling:
            yield ("base",), "is not between floor and ceiling"
        for place, (better, worse) in enumerate(zip(self.grades, self.grades[1:], strict=False), start=1):
            if worse.at_least >= better.at_least:
                yield ("grades", place, "at_least"), "must be below the grade before it"
        if self.grades[-1].at_least != self.floor:
            yield ("grades", len(self.grades) - 1, "at_least"), "the last grade begins at the floor"
        for place, factor in enumerate(self.factors):
            if factor.points * factor.cap <= 0 or abs(factor.cap) < abs(factor.points):
                yield ("factors", place, "cap"), "has the sign of points and at least their size"
