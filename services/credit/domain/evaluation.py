"""Public credit evaluation (公共信用综合评价): a pure function of score card, records and facts.

No policy text gives a scale; the card is the city's (region pack). All arithmetic is Decimal, and the order
in which records came in does not matter: the same input gives the same output (CRD-16).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from services.credit.domain.records import Record, RecordId
from services.credit.domain.wording import Wording
from shared.calendar import add_months

_CENT: Final = Decimal("0.01")
_ONE_DAY: Final = timedelta(days=1)
YEARS_IN_BUSINESS: Final = "years_in_business"


class FactorSubject(StrEnum):
    """What a factor looks at: entries in the record, or a fact known of the enterprise."""

    RECORD = "record"
    FACT = "fact"


@dataclass(frozen=True)
class Factor:
    """Points for each match, together at most `cap` away from zero."""

    code: str
    title: Wording
    subject: FactorSubject
    matches: str
    points: Decimal
    cap: Decimal

    def points_for(self, count: int) -> Decimal:
        """Points for so many matches, held at the cap."""
        total = self.points * count
        return max(total, self.cap) if self.cap < 0 else min(total, self.cap)

    def is_exhausted(self, count: int) -> bool:
        """Tell whether one match more would change nothing."""
        return self.points_for(count + 1) == self.points_for(count)


@dataclass(frozen=True)
class GradeStep:
    """A grade from `at_least` points upwards, with the risk class of 国市监信发〔2022〕6号 in words."""

    grade: str
    at_least: Decimal
    risk: Wording


@dataclass(frozen=True)
class WarningRule:
    """Warn when the grade falls to one of `grades`, or the score by `drop` points at once (CRD-36)."""

    grades: frozenset[str]
    drop: Decimal


@dataclass(frozen=True)
class Scorecard:
    """The city's score card; `grades` from the best down, the last one beginning at the floor."""

    version: str
    base: Decimal
    floor: Decimal
    ceiling: Decimal
    factors: tuple[Factor, ...]
    grades: tuple[GradeStep, ...]
    commitment_grades: frozenset[str]
    warning: WarningRule

    def step_of(self, score: Decimal) -> GradeStep:
        """The grade of a score between floor and ceiling."""
        return next((step for step in self.grades if score >= step.at_least), self.grades[-1])

    def rank(self, grade: str) -> int | None:
        """Place of a grade from the best (0) down; None for a grade that this card does not know."""
        order = [step.grade for step in self.grades]
        return order.index(grade) if grade in order else None

    @property
    def counted_items(self) -> frozenset[str]:
        """Catalogue items whose records move the score."""
        return frozenset(f.matches for f in self.factors if f.subject is FactorSubject.RECORD)


@dataclass(frozen=True)
class Fact:
    """How often a fact holds, and the day from which it will be another number by time alone."""

    count: int
    changes_on: date | None = None


@dataclass(frozen=True)
class Contribution:
    """What one factor gave: its points, how many matches, and the records that they are."""

    code: str
    points: Decimal
    count: int
    records: tuple[RecordId, ...]


@dataclass(frozen=True)
class Evaluation:
    """A score with its grade and explanation; `review_on` is the day on which time alone may change it."""

    score: Decimal
    grade: str
    scorecard_version: str
    allows_commitment: bool
    contributions: tuple[Contribution, ...]
    review_on: date | None
    evaluated_at: datetime


def facts_of(established_on: date | None, today: date) -> Mapping[str, Fact]:
    """Facts that are known of an enterprise: whole years since it was established."""
    if established_on is None:
        return {}
    years = max(0, today.year - established_on.year)
    while years and add_months(established_on, 12 * years) > today:
        years -= 1
    return {YEARS_IN_BUSINESS: Fact(years, add_months(established_on, 12 * (years + 1)))}


def evaluate(
    scorecard: Scorecard, records: Iterable[Record], facts: Mapping[str, Fact], at: datetime
) -> Evaluation:
    """Evaluate records in force and facts: base plus capped factors, held between floor and ceiling."""
    by_item: dict[str, list[RecordId]] = {}
    changes: list[date] = []
    for record in records:
        by_item.setdefault(record.catalogue_item, []).append(record.id)
        if record.published_through is not None:
            changes.append(record.published_through + _ONE_DAY)
    contributions: list[Contribution] = []
    for factor in scorecard.factors:
        fact = facts.get(factor.matches, Fact(0)) if factor.subject is FactorSubject.FACT else None
        matched = sorted(by_item.get(factor.matches, ())) if fact is None else []
        count = len(matched) if fact is None else fact.count
        if fact is not None and fact.changes_on is not None and not factor.is_exhausted(count):
            changes.append(fact.changes_on)
        if count:
            points = factor.points_for(count).quantize(_CENT)
            contributions.append(Contribution(factor.code, points, count, tuple(matched)))
    total = scorecard.base + sum((c.points for c in contributions), Decimal(0))
    score = min(max(total, scorecard.floor), scorecard.ceiling).quantize(_CENT)
    grade = scorecard.step_of(score).grade
    return Evaluation(
        score=score,
        grade=grade,
        scorecard_version=scorecard.version,
        allows_commitment=grade in scorecard.commitment_grades,
        contributions=tuple(contributions),
        review_on=min(changes, default=None),
        evaluated_at=at,
    )


class WarningReason(StrEnum):
    """Why a subject is warned about."""

    GRADE = "grade"
    SCORE = "score"


def warning_reasons(
    scorecard: Scorecard, before: Evaluation | None, after: Evaluation
) -> tuple[WarningReason, ...]:
    """Reasons to warn the supervising departments; none for a first evaluation (CRD-36)."""
    if before is None:
        return ()
    reasons = []
    was, became = scorecard.rank(before.grade), scorecard.rank(after.grade)
    fell = was is not None and became is not None and became > was
    if fell and after.grade in scorecard.warning.grades:
        reasons.append(WarningReason.GRADE)
    if before.score - after.score >= scorecard.warning.drop:
        reasons.append(WarningReason.SCORE)
    return tuple(reasons)
