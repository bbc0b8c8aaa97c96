"""A deadline as a ledger of start, pause, resume, extension and stop, from which the due time is computed.

Nothing is overwritten: the due time at any moment follows from the entries made until then. Time in which the
clock stands still is not counted (行政许可法 art. 45: hearing, testing, expert review and the like).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from shared.calendar.days import DueInstant, WorkingCalendar
from shared.calendar.limits import Limit, LimitUnit, Pause, due_with_pauses


class Move(StrEnum):
    """What happens to a deadline."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    STOPPED = "stopped"


class ClockState(StrEnum):
    """Whether the time runs."""

    UNSTARTED = "unstarted"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


TRANSITIONS: Final = {
    (ClockState.UNSTARTED, Move.STARTED): ClockState.RUNNING,
    (ClockState.RUNNING, Move.PAUSED): ClockState.PAUSED,
    (ClockState.PAUSED, Move.RESUMED): ClockState.RUNNING,
    (ClockState.RUNNING, Move.EXTENDED): ClockState.RUNNING,
    (ClockState.PAUSED, Move.EXTENDED): ClockState.PAUSED,
    (ClockState.RUNNING, Move.STOPPED): ClockState.STOPPED,
    (ClockState.PAUSED, Move.STOPPED): ClockState.STOPPED,
}


@dataclass(eq=False)
class MoveNotAllowed(Exception):
    """The deadline cannot make this move now."""

    clock: ClockState
    move: Move
    reason: str = "not from this state"

    def __str__(self) -> str:
        return f"{self.move.value} is refused while {self.clock.value}: {self.reason}"


@dataclass(frozen=True)
class LedgerEntry:
    """One move at one moment. A pause and an extension give a reason, an extension its legal basis too."""

    move: Move
    at: datetime
    reason: str | None = None
    by: Limit | None = None
    legal_basis: str | None = None


@dataclass(frozen=True)
class ExplainedMove:
    """One plain row of how the due time came about: the move, the office time used, when it was due then.

    `due` is None while the clock stands still.
    """

    entry: LedgerEntry
    zh: str
    en: str
    elapsed: timedelta
    due: DueInstant | None


_PLAIN: Final = {
    Move.STARTED: ("开始计时", "the time starts"),
    Move.PAUSED: ("暂停计时", "the clock stands still"),
    Move.RESUMED: ("恢复计时", "the clock goes on"),
    Move.EXTENDED: ("延长期限", "the time is extended"),
    Move.STOPPED: ("停止计时", "the count ends"),
}


@dataclass(frozen=True)
class DeadlineLedger:
    """A limit and the moves made on it, oldest first; every move returns a new ledger.

    Methods that take `at` answer as of that moment, with the entries made until then.
    """

    limit: Limit
    entries: tuple[LedgerEntry, ...]

    @classmethod
    def started(cls, limit: Limit, at: datetime) -> Self:
        """Begin to count."""
        return cls.of(limit, [LedgerEntry(Move.STARTED, at)])

    @classmethod
    def of(cls, limit: Limit, entries: Iterable[LedgerEntry]) -> Self:
        """Build a ledger by making every move again; raises MoveNotAllowed at the first wrong one."""
        ledger = cls(limit, ())
        for entry in entries:
            ledger = ledger._with(entry)
        if not ledger.entries:
            raise MoveNotAllowed(ClockState.UNSTARTED, Move.STARTED, "a deadline begins with a start")
        return ledger

    @property
    def state(self) -> ClockState:
        """Whether the time runs after the last entry."""
        state = ClockState.UNSTARTED
        for entry in self.entries:
            state = TRANSITIONS[state, entry.move]
        return state

    def pause(self, at: datetime, *, reason: str) -> Self:
        """Let the clock stand still until resumed."""
        return self._with(LedgerEntry(Move.PAUSED, at, reason=reason))

    def resume(self, at: datetime) -> Self:
        """Let the clock go on."""
        return self._with(LedgerEntry(Move.RESUMED, at))

    def extend(
        self, at: datetime, *, by: Limit, reason: str, legal_basis: str, calendar: WorkingCalendar
    ) -> Self:
        """Add time in the limit's own unit; refused once the time has run out (行政许可法 art. 42)."""
        extended = self._with(LedgerEntry(Move.EXTENDED, at, reason=reason, by=by, legal_basis=legal_basis))
        if self.is_overdue(at, calendar):
            raise MoveNotAllowed(self.state, Move.EXTENDED, "the time has run out")
        return extended

    def stop(self, at: datetime, *, reason: str | None = None) -> Self:
        """End the count: what had to be done is done, or no longer has to be."""
        return self._with(LedgerEntry(Move.STOPPED, at, reason=reason))

    def due_at(self, calendar: WorkingCalendar) -> DueInstant | None:
        """Return when the time runs out; None while paused, unless it had run out before the pause."""
        last = self.entries[-1].at
        if self.state is not ClockState.PAUSED:
            return self._due(last, calendar)
        paused_at = self._pauses(last)[-1].begin
        due = self._due(paused_at, calendar)
        return due if due.at <= paused_at else None

    def due_if_resumed(self, at: datetime, calendar: WorkingCalendar) -> DueInstant:
        """Return when the time would run out if a paused clock went on at `at`; else as `due_at` then."""
        return self._as_of(at)._due(at, calendar)

    def elapsed(self, at: datetime, calendar: WorkingCalendar) -> timedelta:
        """Measure the office time during which the clock ran until `at`."""
        known = self._as_of(at)
        until = known._latest(at)
        total = calendar.working_time_between(known.entries[0].at, until)
        return total - sum(
            (calendar.working_time_between(pause.begin, pause.end) for pause in known._pauses(until)),
            timedelta(),
        )

    def remaining(self, at: datetime, calendar: WorkingCalendar) -> timedelta:
        """Measure the office time left, negative when overdue.

        For a paused clock it is what resuming at `at` would leave; a stopped clock keeps what it had left.
        """
        known = self._as_of(at)
        moment = known._latest(at)
        return calendar.working_time_between(moment, known._due(moment, calendar).at)

    def is_overdue(self, at: datetime, calendar: WorkingCalendar) -> bool:
        """Tell whether the time had run out by `at`; a stopped clock keeps its answer."""
        known = self._as_of(at)
        moment = known._latest(at)
        return known._due(moment, calendar).at < moment

    def explain(self, calendar: WorkingCalendar) -> tuple[ExplainedMove, ...]:
        """List the moves in order, each with the time used and the due time that it led to."""
        rows = []
        for count, entry in enumerate(self.entries, start=1):
            ledger = replace(self, entries=self.entries[:count])
            zh, en = _PLAIN[entry.move]
            rows.append(
                ExplainedMove(entry, zh, en, ledger.elapsed(entry.at, calendar), ledger.due_at(calendar))
            )
        return tuple(rows)

    def _with(self, entry: LedgerEntry) -> Self:
        state = self.state
        if (state, entry.move) not in TRANSITIONS:
            raise MoveNotAllowed(state, entry.move)
        if entry.at.tzinfo is None:
            raise MoveNotAllowed(state, entry.move, "a moment needs a time zone")
        if self.entries and entry.at < self.entries[-1].at:
            raise MoveNotAllowed(state, entry.move, "an earlier moment than the entry before")
        if entry.move in (Move.PAUSED, Move.EXTENDED) and not (entry.reason or "").strip():
            raise MoveNotAllowed(state, entry.move, "a reason is required")
        self._demand_sound_extension(entry)
        return replace(self, entries=(*self.entries, replace(entry, at=entry.at.astimezone(UTC))))

    def _demand_sound_extension(self, entry: LedgerEntry) -> None:
        if entry.move is not Move.EXTENDED:
            if entry.by is not None or entry.legal_basis is not None:
                raise MoveNotAllowed(self.state, entry.move, "only an extension adds time")
            return
        if not (entry.legal_basis or "").strip():
            raise MoveNotAllowed(self.state, entry.move, "an extension names its legal basis")
        if entry.by is None or entry.by.unit is not self.limit.unit or entry.by.unit is LimitUnit.IMMEDIATE:
            raise MoveNotAllowed(self.state, entry.move, "an extension is in the unit of its limit")
        if self.limit.ends_with_the_office and not entry.by.is_whole:
            raise MoveNotAllowed(self.state, entry.move, "a limit in whole days is extended by whole days")

    def _as_of(self, at: datetime) -> Self:
        known = tuple(entry for entry in self.entries if entry.at <= at)
        if not known:
            raise ValueError("the deadline had not started then")
        return replace(self, entries=known)

    def _latest(self, at: datetime) -> datetime:
        return self.entries[-1].at if self.state is ClockState.STOPPED else at

    def _pauses(self, until: datetime) -> tuple[Pause, ...]:
        pauses = []
        begin: datetime | None = None
        for entry in self.entries:
            if entry.move is Move.PAUSED:
                begin = entry.at
            elif begin is not None and entry.move in (Move.RESUMED, Move.STOPPED):
                pauses.append(Pause(begin, entry.at))
                begin = None
        if begin is not None:
            pauses.append(Pause(begin, max(begin, until)))
        return tuple(pauses)

    def _due(self, until: datetime, calendar: WorkingCalendar) -> DueInstant:
        extensions = [entry.by for entry in self.entries if entry.by is not None]
        return due_with_pauses(self.limit, extensions, self.entries[0].at, self._pauses(until), calendar)
