"""Working days, working time and deadlines (工作日、时限) of government offices in China. Pure."""

from shared.calendar.days import (
    CHINA,
    DEFAULT_OFFICE_HOURS,
    DueDate,
    DueInstant,
    OfficeSpan,
    WorkingCalendar,
    local_date,
)
from shared.calendar.ledger import (
    ClockState,
    DeadlineLedger,
    ExplainedMove,
    LedgerEntry,
    Move,
    MoveNotAllowed,
)
from shared.calendar.ledger_json import MalformedLedger, ledger_from_primitives, ledger_to_primitives
from shared.calendar.limits import InvalidLimit, Limit, LimitUnit, add_months, due

__all__ = [
    "CHINA",
    "DEFAULT_OFFICE_HOURS",
    "ClockState",
    "DeadlineLedger",
    "DueDate",
    "DueInstant",
    "ExplainedMove",
    "InvalidLimit",
    "LedgerEntry",
    "Limit",
    "LimitUnit",
    "MalformedLedger",
    "Move",
    "MoveNotAllowed",
    "OfficeSpan",
    "WorkingCalendar",
    "add_months",
    "due",
    "ledger_from_primitives",
    "ledger_to_primitives",
    "local_date",
]
