"""What is filed under enterprises' codes, and what waits for one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.progress.domain.records import Origin, Record, RecordType

_COLUMNS: Final = (
    "r.service, r.event_id, r.what, r.at, r.sequence, r.type, r.uscc, r.stated, r.key, r.about, r.case_id, r.path,"
    " r.details"
)
_FILE: Final = text("""
    INSERT INTO progress_record (service, event_id, what, at, sequence, type, uscc, stated, key, about, case_id, path,
        details)
    VALUES (:service, :event_id, :what, :at, :sequence, :type, :uscc, :stated, :key, :about, :case_id, :path,
        CAST(:details AS jsonb))
    ON CONFLICT DO NOTHING
""")
_WAITING: Final = (
    "r.uscc IS NULL AND NOT EXISTS (SELECT FROM progress_resolution s WHERE s.event_id = r.event_id)"
)
_EXCEPTIONS: Final = text(f"""
    SELECT {_COLUMNS} FROM progress_record r WHERE {_WAITING}
    AND (CAST(:after AS uuid) IS NULL OR r.event_id > :after) ORDER BY r.event_id LIMIT :limit
""")  # noqa: S608 - constants of this module only, here and below
_EXCEPTION: Final = text(f"""
    SELECT {_COLUMNS} FROM progress_record r WHERE r.event_id = :event_id AND r.uscc IS NULL
""")  # noqa: S608
_RESOLVE: Final = text("""
    INSERT INTO progress_resolution (event_id, uscc, reason, resolved_by, resolved_at)
    VALUES (:event_id, :uscc, :reason, :resolved_by, :resolved_at) ON CONFLICT DO NOTHING RETURNING event_id
""")


@dataclass(frozen=True)
class Sight:
    """Which records a caller may see: of these event types, and of a catalogue's these items; None: all."""

    whats: tuple[str, ...] | None
    catalogue_items: tuple[str, ...] = ()


class RecordStore:
    """Files facts and finds them again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def file(self, record: Record) -> None:
        """Keep a fact; once, however often the event comes."""
        origin = record.origin
        await self._session.execute(
            _FILE,
            {
                **vars(origin),
                "type": record.type.value,
                "uscc": record.uscc,
                "stated": record.stated,
                "key": record.key,
                "about": record.about,
                "case_id": record.case_id,
                "path": record.path,
                "details": json.dumps(record.details, ensure_ascii=False, default=str),
            },
        )

    async def of_enterprise(
        self,
        uscc: str,
        sight: Sight,
        types: Sequence[RecordType] | None,
        after: tuple[str, str] | None,
        limit: int,
    ) -> list[Record]:
        """The newest first; what was resolved to the enterprise stands among the others."""
        clauses = [
            "(r.uscc = :uscc OR r.event_id IN (SELECT s.event_id FROM progress_resolution s WHERE s.uscc = :uscc))"
        ]
        values: dict[str, Any] = {"uscc": uscc, "limit": limit}
        if sight.whats is not None:
            clauses.append("(r.what = ANY (:whats) OR r.type = 'credit_record' AND r.about = ANY (:items))")
            values |= {"whats": list(sight.whats), "items": list(sight.catalogue_items)}
        if types is not None:
            clauses.append("r.type = ANY (:types)")
            values["types"] = [each.value for each in types]
        if after is not None:
            clauses.append("(r.at, r.event_id) < (:after_at, CAST(:after_id AS uuid))")
            values |= {"after_at": datetime.fromisoformat(after[0]), "after_id": after[1]}
        query = text(
            f"SELECT {_COLUMNS} FROM progress_record r WHERE {' AND '.join(clauses)}"  # noqa: S608
            " ORDER BY r.at DESC, r.event_id DESC LIMIT :limit"
        )
        return [_record(row) for row in await self._session.execute(query, values)]

    async def exceptions(self, after: UUID | None, limit: int) -> list[Record]:
        """Facts that wait for their enterprise, the oldest first."""
        rows = await self._session.execute(_EXCEPTIONS, {"after": after, "limit": limit})
        return [_record(row) for row in rows]

    async def exception(self, event_id: UUID) -> Record | None:
        """One of them, resolved or not."""
        row = (await self._session.execute(_EXCEPTION, {"event_id": event_id})).one_or_none()
        return None if row is None else _record(row)

    async def resolve(self, event_id: UUID, uscc: str, reason: str, by: str, at: datetime) -> bool:
        """Say whose a fact is; False where somebody said so before."""
        values = {"event_id": event_id, "uscc": uscc, "reason": reason, "resolved_by": by, "resolved_at": at}
        return (await self._session.execute(_RESOLVE, values)).one_or_none() is not None


def _record(row: Row[Any]) -> Record:
    return Record(
        origin=Origin(row.service, str(row.event_id), row.what, row.at, row.sequence),
        type=RecordType(row.type),
        uscc=row.uscc,
        stated=row.stated,
        key=row.key,
        about=row.about,
        case_id=row.case_id,
        path=row.path,
        details=row.details,
    )
