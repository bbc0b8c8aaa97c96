"""An import of an existing register: what it covers and how far it got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from services.registration.domain.errors import BatchBeyondFile, BatchOverlaps
from services.registration.domain.import_reasons import Reason

FIRST_ROW: Final = 2  # line 1 is the header, as a spreadsheet counts


class ImportStatus(StrEnum):
    """A completed import takes no more batches."""

    RUNNING = "running"
    COMPLETED = "completed"


class LineOutcome(StrEnum):
    """What became of a line."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Lines:
    """A stretch of lines, both ends included."""

    first: int
    last: int

    @classmethod
    def of(cls, first: int, count: int) -> Self:
        """So many lines from the first on."""
        return cls(first, first + count - 1)

    def are_among(self, done: Iterable["Lines"]) -> bool:
        """Whether one of the stretches has them all."""
        return any(each.first <= self.first and self.last <= each.last for each in done)

    def require_free(self, done: Iterable["Lines"], total_lines: int) -> None:
        """Raises: BatchBeyondFile, BatchOverlaps."""
        if self.last > total_lines:
            raise BatchBeyondFile(total_lines)
        for each in done:
            if each.first <= self.last and self.first <= each.last:
                raise BatchOverlaps(each.first, each.last)


@dataclass(frozen=True)
class Tally:
    """Counted lines; those imported with a warning count as imported too."""

    imported: int = 0
    warned: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class RegisterImport:
    """An import with what is done of it."""

    id: UUID
    file_name: str
    sha256: str
    total_lines: int
    status: ImportStatus
    started_at: datetime
    completed_at: datetime | None
    done: tuple[Lines, ...]
    tally: Tally

    @property
    def next_line(self) -> int:
        """The first line that was not taken over yet; beyond the file when all were."""
        return self.done[0].last + 1 if self.done and self.done[0].first == FIRST_ROW else FIRST_ROW


@dataclass(frozen=True)
class ReportLine:
    """A line that has something to tell."""

    line: int
    outcome: LineOutcome
    uscc: str
    reasons: tuple[Reason, ...]


def merged(stretches: Iterable[Lines]) -> tuple[Lines, ...]:
    """Join stretches that touch or overlap, in order."""
    joined: list[Lines] = []
    for stretch in sorted(stretches, key=lambda lines: lines.first):
        if joined and stretch.first <= joined[-1].last + 1:
            joined[-1] = Lines(joined[-1].first, max(joined[-1].last, stretch.last))
        else:
            joined.append(stretch)
    return tuple(joined)
