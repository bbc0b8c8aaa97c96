"""The annual report (年度报告, 多报合一): when it is due, what it holds, and its life as one table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState
from services.registration.domain.publicity_errors import ReportMoveNotAllowed
from services.registration.domain.publicity_policy import Publicity, ReportPolicy
from shared.calendar import CHINA
from shared.identifiers.channel import Channel

Value = str | int | bool
Answers = Mapping[str, Mapping[str, Value]]
"""What was reported: by part (department), then by field."""


class ReportState(StrEnum):
    """Where the report of a year stands; what is not filed yet is due."""

    DUE = "due"
    SUBMITTED = "submitted"
    CORRECTED = "corrected"
    MADE_UP = "made_up"  # 补报: after 30 June, and marked so for good


class ReportMove(StrEnum):
    """What can be done with it."""

    SUBMIT = "submit"
    CORRECT = "correct"
    MAKE_UP = "make_up"


_DUE, _SUBMITTED, _CORRECTED = ReportState.DUE, ReportState.SUBMITTED, ReportState.CORRECTED
TRANSITIONS: Final = {
    (_DUE, ReportMove.SUBMIT): ReportState.SUBMITTED,
    (_DUE, ReportMove.MAKE_UP): ReportState.MADE_UP,
    (_SUBMITTED, ReportMove.CORRECT): ReportState.CORRECTED,
    (_CORRECTED, ReportMove.CORRECT): ReportState.CORRECTED,
}
# 歇业 frees nobody of the report (市场主体登记管理条例 art. 30); who lost the licence or is gone owes none any more.
REPORTING_STATES: Final = (
    EnterpriseState.ACTIVE,
    EnterpriseState.SUSPENDED,
    EnterpriseState.IN_LIQUIDATION,
)
_PUBLIC_ANSWER: Final = {
    Publicity.PUBLIC: True,
    Publicity.CLOSED: False,
}


@dataclass(frozen=True)
class Window:
    """From when the report of a year is taken and until when it is in time; the end is not within it."""

    opens_at: datetime
    closes_at: datetime

    @property
    def last_day(self) -> date:
        """The day at whose 24:00 it ends."""
        return (self.closes_at.astimezone(CHINA) - timedelta(microseconds=1)).date()

    def move_at(self, now: datetime) -> ReportMove:
        """Filing it now is in time or late."""
        return ReportMove.SUBMIT if now < self.closes_at else ReportMove.MAKE_UP


@dataclass(frozen=True)
class FiledContent:
    """What an enterprise reports; `chosen` are the fields it lets be published of those left to its choice.

    `is_withheld`: an individual business publishes nothing of it (个体工商户年度报告暂行办法 art. 8).
    """

    answers: Answers
    chosen: frozenset[str] = frozenset()
    is_withheld: bool = False


@dataclass(frozen=True)
class AnnualReport:
    """The report of one enterprise for one year; `known` is what the register said on that day."""

    id: UUID
    uscc: str
    year: int
    state: ReportState
    version: int
    content: FiledContent
    known: Mapping[str, str]
    channel: Channel
    is_on_paper: bool
    filed_by: str
    filed_at: datetime
    is_late: bool


@dataclass(frozen=True)
class Debtor:
    """An enterprise that owes a report, as far as a prompt or an entry on the list needs it."""

    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    division_code: str
    owner_accounts: tuple[str, ...]


def window_of(year: int, policy: ReportPolicy) -> Window:
    """When the report for a year is taken: 1 January to 30 June of the next, by the civil day.

    Source: 企业信息公示暂行条例 art. 8; 个体工商户年度报告暂行办法 art. 3.
    """
    opens = datetime(year + 1, policy.opens.month, policy.opens.day, tzinfo=CHINA)
    last = datetime(year + 1, policy.closes.month, policy.closes.day, tzinfo=CHINA)
    return Window(opens.astimezone(UTC), (last + timedelta(days=1)).astimezone(UTC))


def last_year(now: datetime) -> int:
    """The year that is reported on now."""
    return now.astimezone(CHINA).year - 1


def first_year(one: Enterprise) -> int | None:
    """The first year to report on: that of the establishment, reported in the year after it; None where unknown.

    Source: 企业信息公示暂行条例 art. 8 para. 2 (当年设立登记的企业，自下一年起报送).
    """
    return one.established_on.year if one.established_on else None


def is_owed(one: Enterprise, year: int, policy: ReportPolicy) -> bool:
    """Whether the enterprise owes this register a report for the year.

    What was due before the register took the enterprise over was due to the register before it.
    """
    first = first_year(one)
    return (
        first is not None
        and first <= year
        and one.state in REPORTING_STATES
        and one.registered_at < window_of(year, policy).closes_at
    )


def may_report(one: Enterprise, year: int, policy: ReportPolicy, now: datetime) -> bool:
    """Whether a report for the year is taken now: the year is over and the enterprise stood in it."""
    first = first_year(one)
    is_open = window_of(year, policy).opens_at <= now
    return is_open and (first is None or first <= year) and one.state in REPORTING_STATES


def advance(state: ReportState, move: ReportMove) -> ReportState:
    """Return where the report stands after a move; raises ReportMoveNotAllowed."""
    target = TRANSITIONS.get((state, move))
    if target is None:
        raise ReportMoveNotAllowed(state.value, move.value)
    return target


def corrected(
    report: AnnualReport, content: FiledContent, policy: ReportPolicy, now: datetime
) -> AnnualReport:
    """Put other content in its place until 30 June; raises ReportMoveNotAllowed afterwards.

    Source: 企业信息公示暂行条例 art. 12 (both what was and what is are published).
    """
    if now >= window_of(report.year, policy).closes_at:
        raise ReportMoveNotAllowed(report.state.value, ReportMove.CORRECT.value)
    state = advance(report.state, ReportMove.CORRECT)
    return replace(report, state=state, version=report.version + 1, content=content, filed_at=now)


def public_answers(content: FiledContent, policy: ReportPolicy) -> dict[str, Value]:
    """What everybody may see of it: always open fields, and those that the enterprise chose to open."""
    if content.is_withheld:
        return {}
    return {
        field.key: content.answers[part.key][field.key]
        for part in policy.parts
        for field in part.fields
        if field.key in content.answers.get(part.key, {})
        and _PUBLIC_ANSWER.get(field.publicity, field.key in content.chosen)
    }


def known_fields(one: Enterprise, principal_name: str | None, phone: str | None) -> dict[str, str]:
    """What the register has and nobody is asked for again. Source: REG-35."""
    capital = one.registered_capital_fen
    known = {
        "uscc": one.uscc,
        "name": one.name,
        "enterprise_kind": one.enterprise_kind.value,
        "state": one.state.value,
        "established_on": one.established_on.isoformat() if one.established_on else None,
        "domicile": one.domicile_text,
        "registered_capital_fen": None if capital is None else str(capital),
        "scope": "；".join(entry.text for entry in one.scope),
        "legal_representative_name": principal_name,
        "contact_phone": phone,
    }
    return {name: value for name, value in known.items() if value}


def may_withhold(one: Enterprise) -> bool:
    """Only an individual business keeps its report to itself, and may file it on paper."""
    return one.enterprise_kind is EnterpriseKind.INDIVIDUAL_BUSINESS
