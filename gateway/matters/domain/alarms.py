"""What a running clock sets off (超时预警、逐级上报): a warning before it runs out, then overdue, then the superiors.

Source: GW-30; the share and the steps are the region's.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from shared.calendar import ClockState, DeadlineLedger, Limit, LimitUnit, WorkingCalendar, due

NOTHING_TOLD: Final = 0
WARNED: Final = 1
OVERDUE: Final = 2
"""Higher numbers are the escalations, in their order."""


@dataclass(frozen=True)
class EscalationRule:
    """Told to an agency when `after` has gone by since the due time."""

    to: str
    agency_uscc: str
    after: Limit


@dataclass(frozen=True)
class AlarmRules:
    """The region's rules when the matter was opened."""

    warning_percent: int
    escalations: tuple[EscalationRule, ...]


def next_alarm(
    clock: DeadlineLedger | None, told: int, rules: AlarmRules, calendar: WorkingCalendar
) -> datetime | None:
    """When the next thing has to be told; None while the clock stands still, and when all is told."""
    coming = [at for level, at in _alarms(clock, rules, calendar) if level > told]
    return min(coming, default=None)


def due_alarms(
    clock: DeadlineLedger | None, told: int, rules: AlarmRules, calendar: WorkingCalendar, now: datetime
) -> tuple[int, ...]:
    """What is to be told by now, each once; whoever is overdue already needs no warning."""
    passed = [level for level, at in _alarms(clock, rules, calendar) if level > told and at < now]
    return tuple(level for level in passed if level != WARNED or OVERDUE not in passed)


def _alarms(
    clock: DeadlineLedger | None, rules: AlarmRules, calendar: WorkingCalendar
) -> list[tuple[int, datetime]]:
    if clock is None or clock.state is not ClockState.RUNNING:
        return []
    runs_out = clock.due_at(calendar)
    if runs_out is None:
        return []
    alarms = [(OVERDUE, runs_out.at)]
    warning = _warning(clock, runs_out.at, rules, calendar)
    if warning < runs_out.at:
        alarms.insert(0, (WARNED, warning))
    later = (
        (place, due(each.after, runs_out.at, calendar).at) for place, each in enumerate(rules.escalations, 1)
    )
    return alarms + [(OVERDUE + place, at) for place, at in later]


def _warning(
    clock: DeadlineLedger, runs_out: datetime, rules: AlarmRules, calendar: WorkingCalendar
) -> datetime:
    share = Decimal(rules.warning_percent) / 100
    if clock.limit.unit in (LimitUnit.WORKING_DAY, LimitUnit.HOUR):
        shorter = DeadlineLedger(Limit(clock.limit.value * share, clock.limit.unit), clock.entries)
        found = shorter.due_at(calendar)
        return found.at if found else runs_out
    begun = clock.entries[0].at
    return begun + (runs_out - begun) * float(share)
