"""A working calendar to and from JSON: office hours and closures; national days come from the library."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from shared.calendar import OfficeSpan, WorkingCalendar


def office_to_json(calendar: WorkingCalendar) -> dict[str, Any]:
    return {
        "hours": [[span.opens.isoformat(), span.closes.isoformat()] for span in calendar.office_hours],
        "closures": sorted(day.isoformat() for day in calendar.local_closures),
    }


def office_from_json(written: Mapping[str, Any]) -> WorkingCalendar:
    hours = tuple(
        OfficeSpan(time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, closes in written["hours"]
    )
    closures = frozenset(date.fromisoformat(day) for day in written["closures"])
    return WorkingCalendar.national(local_closures=closures, office_hours=hours)
