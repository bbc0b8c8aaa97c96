"""Whether a change was asked for in time: so many days after its decision, the last one never a day off."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.calendar import CHINA, Limit, WorkingCalendar, due, local_date


@dataclass(frozen=True)
class AppliedOn:
    """The day of the application, and the working days by which its limits are counted."""

    day: date
    calendar: WorkingCalendar

    def last_day(self, limit: Limit, since: date) -> date:
        """The last day of a limit that began on a day. Source: 民法典 arts. 201 and 203."""
        return local_date(due(limit, datetime.combine(since, time(12), CHINA), self.calendar).at)

    def days_late(self, limit: Limit, since: date) -> int:
        """By how many days the application came too late; 0 in time."""
        return max(0, (self.day - self.last_day(limit, since)).days)
