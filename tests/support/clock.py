"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta


class SettableClock:
    """Callable like the system clock; runs on from the instant it was set to."""

    def __init__(self, at: datetime | None = None) -> None:
        self._offset = timedelta(0)
        if at is not None:
            self.set(at)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def set(self, at: datetime) -> None:
        """Stand at an instant."""
        self._offset = at - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self._offset += by
