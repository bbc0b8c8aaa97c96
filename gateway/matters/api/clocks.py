"""The clock of a matter, a step or a task, as answers show it."""

from datetime import datetime

from pydantic import Field

from gateway.matters.domain.model import elapsed_minutes
from shared.calendar import DeadlineLedger, WorkingCalendar
from shared.web.fields import ResponseModel


class ClockMoveOut(ResponseModel):
    """One row of how the due time came about."""

    at: datetime
    zh: str
    en: str
    working_minutes: int
    due_at: datetime | None


class ClockOut(ResponseModel):
    """The clock (办理时限): what it is at, until when, and why."""

    limit: str = Field(examples=["0.5 working_day"])
    due_at: datetime | None
    working_minutes: int = Field(examples=[42])
    is_overdue: bool
    moves: list[ClockMoveOut]

    @classmethod
    def of(cls, clock: DeadlineLedger, calendar: WorkingCalendar, now: datetime) -> "ClockOut":
        due = clock.due_at(calendar)
        return cls(
            limit=f"{clock.limit.value} {clock.limit.unit.value}",
            due_at=due.at if due else None,
            working_minutes=elapsed_minutes(clock, now, calendar),
            is_overdue=clock.is_overdue(max(now, clock.entries[-1].at), calendar),
            moves=[
                ClockMoveOut(
                    at=row.entry.at,
                    zh=row.zh,
                    en=row.en,
                    working_minutes=int(row.elapsed.total_seconds() // 60),
                    due_at=row.due.at if row.due else None,
                )
                for row in clock.explain(calendar)
            ],
        )
