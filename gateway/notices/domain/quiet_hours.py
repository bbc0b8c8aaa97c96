"""Quiet hours (免打扰时段): when a person is not to be woken by what can wait until the morning."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class QuietHours:
    """From one time of the day to another, over midnight where the second is earlier; equal ones are none."""

    begin: time
    end: time
    zone: tzinfo

    def holds(self, at: datetime) -> bool:
        """Whether it is quiet at an instant; the end itself is not."""
        local = at.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end

    def send_from(self, at: datetime, *, urgent: bool) -> datetime:
        """Return the first instant from `at` at which a message may leave."""
        if urgent or not self.holds(at):
            return at
        local = at.astimezone(self.zone)
        ends = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return (ends if ends > local else ends + timedelta(days=1)).astimezone(at.tzinfo)
