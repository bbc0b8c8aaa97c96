"""A time limit as answers show it: when it runs out, and how that came about."""

from datetime import datetime

from shared.calendar import DeadlineLedger, WorkingCalendar
from shared.web.fields import ResponseModel


class ClockMoveOut(ResponseModel):
    """One move of a clock, with what it did to the time left."""

    move: str
    at: datetime
    text_zh: str
    text_en: str
    reason: str | None
    legal_basis: str | None
    due_at: datetime | None


class ClockOut(ResponseModel):
    """A time limit, when it runs out and how that came about; provisional while a year's holidays are unpublished."""

    value: str
    unit: str
    state: str
    due_at: datetime | None
    is_provisional: bool
    moves: list[ClockMoveOut]

    @classmethod
    def of(cls, ledger: DeadlineLedger, calendar: WorkingCalendar) -> "ClockOut":
        """Explain a ledger."""
        due = ledger.due_at(calendar)
        return cls(
            value=str(ledger.limit.value),
            unit=ledger.limit.unit.value,
            state=ledger.state.value,
            due_at=due.at if due else None,
            is_provisional=due.provisional if due else False,
            moves=[
                ClockMoveOut(
                    move=row.entry.move.value,
                    at=row.entry.at,
                    text_zh=row.zh,
                    text_en=row.en,
                    reason=row.entry.reason,
                    legal_basis=row.entry.legal_basis,
                    due_at=row.due.at if row.due else None,
                )
                for row in ledger.explain(calendar)
            ],
        )
