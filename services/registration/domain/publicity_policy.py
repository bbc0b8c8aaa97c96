"""What the city's rules say of reports, publicity and the list of abnormal operations."""

from dataclasses import dataclass
from enum import StrEnum

from services.registration.domain.wording import Wording
from shared.calendar import Limit


class Publicity(StrEnum):
    """Who sees a field of a report: everybody, everybody if the enterprise wants it, or its department alone."""

    PUBLIC = "public"
    CHOSEN = "chosen"
    CLOSED = "closed"


class FieldKind(StrEnum):
    """How a field is written."""

    TEXT = "string"
    WHOLE = "integer"
    FLAG = "boolean"
    DAY = "date"


@dataclass(frozen=True)
class ReportField:
    """One question of a report."""

    key: str
    title: Wording
    kind: FieldKind
    publicity: Publicity
    is_required: bool
    minimum: int
    maximum: int
    max_length: int
    choices: tuple[str, ...]


@dataclass(frozen=True)
class ReportPart:
    """What one department asks, of whom else nobody asks it. Source: REG-35."""

    key: str
    title: Wording
    agency_uscc: str
    fields: tuple[ReportField, ...]

    def required(self) -> frozenset[str]:
        """Keys of what must be answered."""
        return frozenset(field.key for field in self.fields if field.is_required)


@dataclass(frozen=True)
class CivilDay:
    """A day of any year."""

    month: int
    day: int


@dataclass(frozen=True)
class ReportPolicy:
    """The window of the annual report, when it is reminded of (days before its end), its parts."""

    opens: CivilDay
    closes: CivilDay
    prompts: tuple[int, ...]
    parts: tuple[ReportPart, ...]

    def part_of(self, agency_uscc: str | None) -> ReportPart | None:
        """The part of a department."""
        return next((part for part in self.parts if part.agency_uscc == agency_uscc), None)


@dataclass(frozen=True)
class ListingPolicy:
    """How enterprises come on the list of abnormal operations and off it.

    `is_automatic`: who filed no report is entered without an officer's confirmation. Letters are days apart.
    """

    is_automatic: bool
    decision: Limit
    removal: Limit
    objection: Limit
    objection_answer: Limit
    serious_after: Limit
    failed_attempts: int
    letters_apart_least: int
    letters_apart_most: int


@dataclass(frozen=True)
class PublicityPolicy:
    """All of it; `authority` supervises reports and keeps the list (市场监督管理部门)."""

    authority_uscc: str
    authority_name: Wording
    report: ReportPolicy
    listing: ListingPolicy
    disclosure: Limit
    order: Limit
