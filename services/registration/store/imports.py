"""Imports: their progress and report, and the set-based statements that take rows over."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.errors import ImportNotFound
from services.registration.domain.import_reasons import Reason
from services.registration.domain.register_import import (
    ImportStatus,
    LineOutcome,
    Lines,
    RegisterImport,
    ReportLine,
    Tally,
    merged,
)

_START = text("""
    INSERT INTO register_import (id, file_name, sha256, total_lines, status, keeper, started_by, started_at)
    VALUES (:id, :file_name, :sha256, :total_lines, 'running', :keeper, :started_by, :at)
    ON CONFLICT (keeper, sha256) WHERE status = 'running' DO NOTHING
""")
_RUNNING = text(
    "SELECT id FROM register_import WHERE keeper = :keeper AND sha256 = :sha256 AND status = 'running'"
)
_FIND = "SELECT * FROM register_import WHERE id = :id AND keeper = :keeper"
_BATCHES = text("SELECT * FROM register_import_batch WHERE import_id = :id ORDER BY first_line")
_LOCK_BATCH = text("SELECT pg_advisory_xact_lock(hashtextextended(:id || '/' || :first_line, 0))")
_SAVE_BATCH = text("""
    INSERT INTO register_import_batch (import_id, first_line, last_line, imported, warned, unchanged, refused)
    VALUES (:id, :first, :last, :imported, :warned, :unchanged, :refused)
""")
_SAVE_LINES = text("""
    INSERT INTO register_import_line (import_id, line, outcome, uscc, reasons)
    SELECT :id, l, o, u, CAST(r AS jsonb)
    FROM unnest(CAST(:lines AS integer[]), CAST(:outcomes AS text[]), CAST(:codes AS text[]),
                CAST(:reasons AS text[])) AS rows(l, o, u, r)
    ON CONFLICT DO NOTHING
""")
_COMPLETE = text("UPDATE register_import SET status = 'completed', completed_at = :at WHERE id = :id")
_LINES = text("""
    SELECT line, outcome, uscc, reasons FROM register_import_line
    WHERE import_id = :id AND line > :after ORDER BY line LIMIT :limit
""")


@dataclass(frozen=True)
class StartedImport:
    """What an import is told at its start; `keeper` is the agency whose import it is."""

    id: UUID
    file_name: str
    sha256: str
    total_lines: int
    keeper: str
    started_by: str


class ImportStore:
    """Reads and writes imports in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def start(self, started: StartedImport, at: datetime) -> UUID:
        """Begin, or find the running import of the same file."""
        await self._session.execute(_START, asdict(started) | {"at": at})
        found = await self._session.execute(_RUNNING, {"keeper": started.keeper, "sha256": started.sha256})
        running: UUID = found.scalar_one()
        return running

    async def find(self, import_id: UUID, keeper: str, *, lock: str = "") -> RegisterImport:
        """Another agency's import is as good as none; `lock` is a row lock: batches share, completion excludes.

        Raises: ImportNotFound.
        """
        named = {"id": import_id, "keeper": keeper}
        row = (await self._session.execute(text(f"{_FIND} {lock}"), named)).one_or_none()
        if row is None:
            raise ImportNotFound
        batches = (await self._session.execute(_BATCHES, {"id": import_id})).all()
        return _import(row, batches)

    async def lock_batch(self, import_id: UUID, first_line: int) -> None:
        """Let the same batch sent twice at once run one after the other."""
        await self._session.execute(_LOCK_BATCH, {"id": str(import_id), "first_line": str(first_line)})

    async def save_batch(
        self, import_id: UUID, lines: Lines, tally: Tally, report: Sequence[ReportLine]
    ) -> None:
        """Write what became of a batch."""
        await self._session.execute(
            _SAVE_BATCH, {"id": import_id, "first": lines.first, "last": lines.last, **asdict(tally)}
        )
        if report:
            await self._session.execute(
                _SAVE_LINES,
                {
                    "id": import_id,
                    "lines": [entry.line for entry in report],
                    "outcomes": [entry.outcome.value for entry in report],
                    "codes": [entry.uscc for entry in report],
                    "reasons": [
                        json.dumps([asdict(reason) for reason in entry.reasons], ensure_ascii=False)
                        for entry in report
                    ],
                },
            )

    async def complete(self, import_id: UUID, at: datetime) -> None:
        """Close the import."""
        await self._session.execute(_COMPLETE, {"id": import_id, "at": at})

    async def report(self, import_id: UUID, after: int, limit: int) -> list[ReportLine]:
        """The next lines of the report behind line `after`."""
        rows = await self._session.execute(_LINES, {"id": import_id, "after": after, "limit": limit})
        return [
            ReportLine(
                row.line,
                LineOutcome(row.outcome),
                row.uscc,
                tuple(Reason(**reason) for reason in row.reasons),
            )
            for row in rows
        ]


def _import(row: Row[Any], batches: Sequence[Row[Any]]) -> RegisterImport:
    return RegisterImport(
        id=row.id,
        file_name=row.file_name,
        sha256=row.sha256,
        total_lines=row.total_lines,
        status=ImportStatus(row.status),
        started_at=row.started_at,
        completed_at=row.completed_at,
        done=merged(Lines(batch.first_line, batch.last_line) for batch in batches),
        tally=Tally(
            imported=sum(batch.imported for batch in batches),
            warned=sum(batch.warned for batch in batches),
            unchanged=sum(batch.unchanged for batch in batches),
            refused=sum(batch.refused for batch in batches),
        ),
    )
