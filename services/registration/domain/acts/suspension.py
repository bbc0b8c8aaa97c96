"""What filings about a suspension say: to suspend, or for longer (歇业备案); to resume business (恢复营业)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.legal_basis import implementing_rules, regulation
from services.registration.domain.rule import Rule, RuleResult, fault, passed
from services.registration.domain.suspension import Suspension, SuspensionCause, SuspensionPolicy
from services.registration.domain.wording import Wording

FILED_BEFORE: Final = Rule(
    "suspension.filed_before",
    regulation("三十", "30"),
    Wording("歇业前办理备案", "it is filed before it begins"),
)
TERM: Final = Rule(
    "suspension.term",
    regulation("三十", "30"),
    Wording("歇业期限合计不超过上限", "the suspensions stay within the total"),
)
EMPLOYEES: Final = Rule(
    "suspension.employees",
    regulation("三十", "30"),
    Wording("已与职工依法协商劳动关系处理等事项", "it was negotiated with the employees"),
)
COMMITMENT: Final = Rule(
    "suspension.commitment",
    implementing_rules("四十一", "41"),
    Wording("已作出承诺", "the enterprise commits to what it declares"),
)
EXTENSION_TIME: Final = Rule(
    "suspension.extension_time",
    implementing_rules("四十二", "42"),
    Wording("在歇业期满前规定时间内申请延长", "an extension is filed in the time before the end"),
)
RESUMED_IN_TIME: Final = Rule(
    "resumption.declared_in_time",
    implementing_rules("四十三", "43"),
    Wording("恢复营业后按时公示", "resumption is declared in time"),
)


@dataclass(frozen=True)
class Suspending(FilingContent):
    """The term, both days included, and why; of one that runs, only a later last day.

    `papers_to` is where legal papers are served meanwhile; without it, the service address stays.
    """

    kind: ClassVar[FilingKind] = FilingKind.SUSPENSION

    uscc: str
    cause: SuspensionCause
    begins_on: date
    until_on: date
    employees_agreed: bool
    commitment: bool
    papers_to: str | None = None


@dataclass(frozen=True)
class Resuming(FilingContent):
    """From which day on the enterprise does business again."""

    kind: ClassVar[FilingKind] = FilingKind.RESUMPTION

    uscc: str
    resumed_on: date


def review_suspending(
    filed: Suspending,
    running: Suspension | None,
    before: Sequence[Suspension],
    policy: SuspensionPolicy,
    today: date,
) -> Iterator[RuleResult]:
    """Apply every rule; `running` is the suspension that is to last longer, `before` those that have ended."""
    begins_on = running.begins_on if running else filed.begins_on
    if running is not None:
        yield from _extension(filed, running, policy, today)
    elif filed.begins_on < today:
        zh, en = "歇业起始日不得早于备案日", "it cannot begin before it is filed"
        yield fault(FILED_BEFORE, "/begins_on", zh, en)
    elif filed.begins_on > (last := policy.latest_start(today)):
        zh, en = f"歇业起始日最晚为 {last.isoformat()}", f"it begins on {last.isoformat()} at the latest"
        yield fault(FILED_BEFORE, "/begins_on", zh, en)
    else:
        yield passed(FILED_BEFORE, "/begins_on")
    latest = policy.latest_until(begins_on, before)
    if begins_on <= filed.until_on <= latest:
        yield passed(TERM, "/until_on")
    else:
        yield fault(
            TERM,
            "/until_on",
            f"歇业期限合计最长 {policy.maximum.value} 年，最晚至 {latest.isoformat()}",
            f"{policy.maximum.value} years in total: the last day is {latest.isoformat()} at the latest",
        )
    yield from _promises(filed)


def _extension(
    filed: Suspending, running: Suspension, policy: SuspensionPolicy, today: date
) -> Iterator[RuleResult]:
    opens = running.until_on - timedelta(days=int(policy.extension_window.value))
    if filed.begins_on != running.begins_on:
        zh, en = "延长歇业不改变起始日", "an extension keeps the first day"
        yield fault(FILED_BEFORE, "/begins_on", zh, en)
    if filed.until_on <= running.until_on:
        zh, en = "延长后的期满日应晚于原期满日", "the new last day must be later than the old one"
        yield fault(EXTENSION_TIME, "/until_on", zh, en)
    elif not opens <= today <= running.until_on:
        zh = f"延长歇业应在期满前 {policy.extension_window.value} 日内（{opens.isoformat()} 起）申请"
        en = f"an extension is filed from {opens.isoformat()} until the last day"
        yield fault(EXTENSION_TIME, "/until_on", zh, en)
    else:
        yield passed(EXTENSION_TIME, "/until_on")


def _promises(filed: Suspending) -> Iterator[RuleResult]:
    if filed.employees_agreed:
        yield passed(EMPLOYEES, "/employees_agreed")
    else:
        zh, en = "请先与职工协商劳动关系处理等事项", "negotiate with the employees first"
        yield fault(EMPLOYEES, "/employees_agreed", zh, en)
    if filed.commitment:
        yield passed(COMMITMENT, "/commitment")
    else:
        yield fault(COMMITMENT, "/commitment", "请作出承诺", "commit to what is declared")


def review_resuming(
    filed: Resuming, held: Suspension | None, policy: SuspensionPolicy, today: date
) -> RuleResult:
    """A day that has come, no longer ago than it may be declared: until then it counts as suspended.

    Whose suspension is still to begin calls it off.
    """
    at, earliest = "/resumed_on", policy.earliest_resumption(held, today)
    if earliest <= filed.resumed_on <= today:
        return passed(RESUMED_IN_TIME, at)
    first, last = earliest.isoformat(), today.isoformat()
    return fault(
        RESUMED_IN_TIME, at, f"恢复营业日应在 {first} 至 {last} 之间", f"the day is from {first} to {last}"
    )
