"""Reconciliations: their progress, what the outside register said, and the differences."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.import_reasons import Reason
from services.registration.domain.reconciliation import (
    Difference,
    DifferenceKind,
    Reconciliation,
    Settlement,
)
from services.registration.domain.register_errors import (
    DifferenceNotFound,
    DifferenceOutdated,
    ReconciliationNotFound,
)
from services.registration.domain.register_import import ImportStatus, Lines, merged
from shared.security.office import span_of

_START = text("""
    INSERT INTO reconciliation
        (id, source, sha256, total_lines, division_code, status, keeper, started_by, started_at)
    VALUES (:id, :source, :sha256, :total_lines, :division, 'running', :keeper, :started_by, :at)
    ON CONFLICT (keeper, sha256) WHERE status = 'running' DO NOTHING
""")
_RUNNING = text(
    "SELECT id FROM reconciliation WHERE keeper = :keeper AND sha256 = :sha256 AND status = 'running'"
)
_FIND = "SELECT * FROM reconciliation WHERE id = :id AND keeper = :keeper"
_BATCHES = text("SELECT * FROM reconciliation_batch WHERE reconciliation_id = :id ORDER BY first_line")
_LOCK_BATCH = text("SELECT pg_advisory_xact_lock(hashtextextended(:id || '/' || :first_line, 0))")
_SAVE_BATCH = text("""
    INSERT INTO reconciliation_batch
        (reconciliation_id, first_line, last_line, compared, same, fields, only_there, unreadable)
    VALUES (:id, :first, :last, :compared, :same, :field, :only_there, :unreadable)
""")
_KEEP_ROWS = text("""
    INSERT INTO reconciliation_row (reconciliation_id, uscc, line, cells, found)
    SELECT :id, u, l, CASE WHEN c IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(CAST(c AS json))) END, f
    FROM unnest(CAST(:codes AS text[]), CAST(:lines AS integer[]), CAST(:cells AS text[]),
        CAST(:found AS text[])) AS rows(u, l, c, f) ORDER BY u
    ON CONFLICT (reconciliation_id, uscc) DO NOTHING RETURNING uscc
""")
_HELD_CODES = text("""
    SELECT uscc FROM reconciliation_row WHERE reconciliation_id = :id AND uscc = ANY(CAST(:codes AS text[]))
""")
_CELLS = text("SELECT line, cells FROM reconciliation_row WHERE reconciliation_id = :id AND uscc = :uscc")
_ADD = text("""
    INSERT INTO reconciliation_difference (reconciliation_id, kind, line, uscc, field, ours, theirs, reasons)
    VALUES (:id, :kind, :line, :uscc, :field, :ours, :theirs, CAST(:reasons AS jsonb))
""")
# A page of the register per statement, so that none takes long. Whoever an unreadable row names is not only here.
_ONLY_HERE = """
    WITH page AS MATERIALIZED (
        SELECT uscc, name, state, division_code FROM enterprise WHERE uscc > :after ORDER BY uscc LIMIT :limit
    ), added AS (
        INSERT INTO reconciliation_difference (reconciliation_id, kind, uscc, ours)
        SELECT CAST(:id AS uuid), 'only_here', uscc, name FROM page
        WHERE state NOT IN ('deregistered', 'moved_out') {inside} AND NOT EXISTS (SELECT FROM reconciliation_row AS r
            WHERE r.reconciliation_id = CAST(:id AS uuid) AND r.uscc = page.uscc)
            AND NOT EXISTS (SELECT FROM reconciliation_difference AS d
            WHERE d.reconciliation_id = CAST(:id AS uuid) AND d.kind = 'unreadable' AND d.uscc = page.uscc)
        RETURNING uscc
    )
    UPDATE reconciliation SET only_here = only_here + (SELECT count(*) FROM added),
        walked_to = coalesce((SELECT max(uscc) FROM page), walked_to)
    WHERE id = CAST(:id AS uuid) RETURNING walked_to
"""
_COMPLETE = text("UPDATE reconciliation SET status = 'completed', completed_at = :at WHERE id = :id")
_LIST = text("""
    SELECT * FROM reconciliation_difference WHERE reconciliation_id = :id AND number > :after
        AND (CAST(:settlement AS text) IS NULL OR settlement = :settlement)
    ORDER BY number LIMIT :limit
""")
_LOCK = text(
    "SELECT * FROM reconciliation_difference WHERE reconciliation_id = :id AND number = :number FOR UPDATE"
)
_SETTLE = text("""
    UPDATE reconciliation_difference
    SET settlement = :settlement, settled_by = :by, settled_at = :at, reason = :reason
    WHERE reconciliation_id = :id AND number = :number
""")
_COUNT_SETTLED = text("UPDATE reconciliation SET settled = settled + 1 WHERE id = :id")
# What an outside register says of people is not kept longer than somebody may need it.
_DROP_CELLS = text("""
    UPDATE reconciliation_row SET cells = NULL WHERE reconciliation_id = :id AND uscc = :uscc AND NOT EXISTS (
        SELECT FROM reconciliation_difference
        WHERE reconciliation_id = :id AND uscc = :uscc AND settlement = 'open')
""")
PAGE = 20_000
_PAGES_AT_ONCE = 10


@dataclass(frozen=True)
class StartedReconciliation:
    """What a reconciliation is told at its start; `keeper` is the agency whose it is."""

    id: UUID
    source: str
    sha256: str
    total_lines: int
    division: str | None
    keeper: str
    started_by: str


@dataclass(frozen=True)
class ComparedRow:
    """A row of the outside register, and what came of comparing it; `cells` as far as they may still be entered."""

    line: int
    uscc: str
    cells: tuple[str, ...] | None
    found: str


class ReconciliationStore:
    """Reads and writes in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def start(self, started: StartedReconciliation, at: datetime) -> UUID:
        """Begin, or find the running one of the same file."""
        await self._session.execute(_START, asdict(started) | {"at": at})
        found = await self._session.execute(_RUNNING, {"keeper": started.keeper, "sha256": started.sha256})
        running: UUID = found.scalar_one()
        return running

    async def find(self, reconciliation_id: UUID, keeper: str, *, lock: str = "") -> Reconciliation:
        """Another agency's is as good as none; batches share the lock, completion excludes.

        Raises: ReconciliationNotFound.
        """
        named = {"id": reconciliation_id, "keeper": keeper}
        row = (await self._session.execute(text(f"{_FIND} {lock}"), named)).one_or_none()
        if row is None:
            raise ReconciliationNotFound
        batches = (await self._session.execute(_BATCHES, {"id": reconciliation_id})).all()
        return _reconciliation(row, batches)

    async def lock_batch(self, reconciliation_id: UUID, first_line: int) -> None:
        """Let the same batch sent twice at once run one after the other."""
        named = {"id": str(reconciliation_id), "first_line": str(first_line)}
        await self._session.execute(_LOCK_BATCH, named)

    async def held(self, reconciliation_id: UUID, codes: Sequence[str]) -> frozenset[str]:
        """Codes of which a row came before."""
        found = await self._session.execute(_HELD_CODES, {"id": reconciliation_id, "codes": list(codes)})
        return frozenset(found.scalars())

    async def keep(self, reconciliation_id: UUID, rows: Sequence[ComparedRow]) -> frozenset[str]:
        """Write rows down, one of a code; returns the codes of those that came first, of batches at once too."""
        columns = {
            "codes": [row.uscc for row in rows],
            "lines": [row.line for row in rows],
            "cells": [row.cells and json.dumps(row.cells, ensure_ascii=False) for row in rows],
            "found": [row.found for row in rows],
        }
        kept = await self._session.execute(_KEEP_ROWS, {"id": reconciliation_id} | columns)
        return frozenset(kept.scalars())

    async def save_batch(
        self,
        reconciliation_id: UUID,
        lines: Lines,
        rows: Sequence[ComparedRow],
        differences: Sequence[Difference],
    ) -> None:
        """Write what became of a batch whose `rows` are kept."""
        named = {"id": reconciliation_id}
        kinds = Counter(each.kind.value for each in differences)
        batch = {kind.value: kinds[kind.value] for kind in DifferenceKind} | {
            "first": lines.first,
            "last": lines.last,
            "compared": len(rows),
            "same": sum(row.found == "same" for row in rows),
        }
        await self._session.execute(_SAVE_BATCH, named | batch)
        if differences:
            await self._session.execute(_ADD, [named | _columns(each) for each in differences])

    async def complete(self, running: Reconciliation, at: datetime) -> None:
        """List what only this register has, on from where it was left; at the end of the register, close."""
        inside, bounds = "", {}
        if running.division is not None:
            inside = "AND division_code >= :first AND division_code < :end"
            first, end = span_of(running.division)
            bounds = {"first": first, "end": end}
        statement, last = text(_ONLY_HERE.format(inside=inside)), running.walked_to
        for _ in range(_PAGES_AT_ONCE):
            values = bounds | {"id": running.id, "after": last, "limit": PAGE}
            before, last = last, (await self._session.execute(statement, values)).scalar_one()
            if last == before:
                await self._session.execute(_COMPLETE, {"id": running.id, "at": at})
                return

    async def differences(
        self, reconciliation_id: UUID, settlement: Settlement | None, after: int, limit: int
    ) -> list[Difference]:
        """The next ones behind a number."""
        values = {"id": reconciliation_id, "settlement": settlement, "after": after, "limit": limit}
        return [_difference(row) for row in await self._session.execute(_LIST, values)]

    async def lock(self, reconciliation_id: UUID, number: int) -> Difference:
        """Read for change. Raises: DifferenceNotFound."""
        found = await self._session.execute(_LOCK, {"id": reconciliation_id, "number": number})
        row = found.one_or_none()
        if row is None:
            raise DifferenceNotFound
        return _difference(row)

    async def cells(self, reconciliation_id: UUID, uscc: str) -> tuple[int, tuple[str, ...]]:
        """The line and cells of the outside register about an enterprise. Raises: DifferenceOutdated once purged."""
        row = (await self._session.execute(_CELLS, {"id": reconciliation_id, "uscc": uscc})).one()
        if row.cells is None:
            raise DifferenceOutdated
        return row.line, tuple(row.cells)

    async def settle(self, reconciliation_id: UUID, settled: Difference, by: str) -> None:
        """Write how a difference was settled."""
        values = {
            "id": reconciliation_id,
            "number": settled.number,
            "settlement": settled.settlement.value,
            "by": by,
            "at": settled.settled_at,
            "reason": settled.reason,
        }
        await self._session.execute(_SETTLE, values)
        await self._session.execute(_COUNT_SETTLED, {"id": reconciliation_id})
        await self._session.execute(_DROP_CELLS, {"id": reconciliation_id, "uscc": settled.uscc})


def _columns(one: Difference) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "line": one.line,
        "uscc": one.uscc,
        "field": one.field,
        "ours": one.ours,
        "theirs": one.theirs,
        "reasons": json.dumps([asdict(reason) for reason in one.reasons], ensure_ascii=False),
    }


def _difference(row: Row[Any]) -> Difference:
    return Difference(
        number=row.number,
        kind=DifferenceKind(row.kind),
        line=row.line,
        uscc=row.uscc,
        field=row.field,
        ours=row.ours,
        theirs=row.theirs,
        reasons=tuple(Reason(**reason) for reason in row.reasons),
        settlement=Settlement(row.settlement),
        settled_at=row.settled_at,
        reason=row.reason,
    )


def _reconciliation(row: Row[Any], batches: Sequence[Row[Any]]) -> Reconciliation:
    return Reconciliation(
        id=row.id,
        source=row.source,
        sha256=row.sha256,
        total_lines=row.total_lines,
        division=row.division_code,
        status=ImportStatus(row.status),
        started_at=row.started_at,
        completed_at=row.completed_at,
        done=merged(Lines(batch.first_line, batch.last_line) for batch in batches),
        compared=sum(batch.compared for batch in batches),
        same=sum(batch.same for batch in batches),
        differences={
            DifferenceKind.FIELD: sum(batch.fields for batch in batches),
            DifferenceKind.ONLY_HERE: row.only_here,
            DifferenceKind.ONLY_THERE: sum(batch.only_there for batch in batches),
            DifferenceKind.UNREADABLE: sum(batch.unreadable for batch in batches),
        },
        settled=row.settled,
        walked_to=row.walked_to,
    )
