"""Bars on persons: rows to domain objects and back; who is meant is known by a keyed reference only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.errors import BarNotFound
from services.registration.domain.person_bar import BarKind, PersonBar
from shared.identifiers import PersonReference

_COLUMNS: Final = """id, person_reference, kind, basis, decided_by, document_no, since, until, uscc, entered_by,
    entered_at, lifted_at, lifted_by, lifted_why"""
_ADD = text(f"""
    INSERT INTO person_bar ({_COLUMNS}) VALUES (:id, :person_reference, :kind, :basis, :decided_by, :document_no,
        :since, :until, :uscc, :entered_by, :entered_at, :lifted_at, :lifted_by, :lifted_why)
""")  # noqa: S608 - constants of this module only, here and below
_LOCK = text(f"SELECT {_COLUMNS} FROM person_bar WHERE id = :id FOR UPDATE")  # noqa: S608
_LIFT = text("""
    UPDATE person_bar SET lifted_at = :lifted_at, lifted_by = :lifted_by, lifted_why = :lifted_why WHERE id = :id
""")
_OF = text(f"""
    SELECT {_COLUMNS} FROM person_bar
    WHERE person_reference = ANY(CAST(:references AS text[])) AND lifted_at IS NULL AND since <= :on
        AND (until IS NULL OR until >= :on)
    ORDER BY since, id
""")  # noqa: S608
_PAGE = f"SELECT {_COLUMNS} FROM person_bar"  # noqa: S608
_STOOD_FOR_CLOSED = text("""
    SELECT DISTINCT p.id_number FROM enterprise_person AS p
    JOIN register_change AS c ON c.uscc = p.uscc AND c.act IN ('licence_revoked', 'closed_by_order')
    WHERE p.is_principal AND p.id_number = ANY(CAST(:numbers AS text[]))
        AND (c.at AT TIME ZONE 'Asia/Shanghai')::date >= :since
        AND NOT EXISTS (
            SELECT FROM closure AS k
            WHERE k.uscc = c.uscc AND k.version = c.version AND k.restored_at IS NOT NULL)
""")


class PersonBarStore:
    """Reads and writes bars in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, bar: PersonBar) -> None:
        """Write a bar down."""
        await self._session.execute(_ADD, _values(bar))

    async def lock(self, bar_id: UUID) -> PersonBar:
        """Read for change. Raises: BarNotFound."""
        row = (await self._session.execute(_LOCK, {"id": bar_id})).one_or_none()
        if row is None:
            raise BarNotFound
        return _bar(row)

    async def lift(self, bar: PersonBar) -> None:
        """Write down that it was lifted."""
        await self._session.execute(_LIFT, _values(bar))

    async def bars_of(
        self, references: Collection[PersonReference], on: date
    ) -> Mapping[PersonReference, tuple[PersonBar, ...]]:
        """The bars that run on the day, of those who have any."""
        rows = await self._session.execute(_OF, {"references": list(references), "on": on})
        found: dict[PersonReference, tuple[PersonBar, ...]] = {}
        for bar in map(_bar, rows):
            found[bar.person_reference] = (*found.get(bar.person_reference, ()), bar)
        return found

    async def page(self, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[PersonBar]:
        """All of them, newest first."""
        at, bar_id = after or (None, None)
        older = "" if after is None else "WHERE (entered_at, id) < (:at, CAST(:id AS uuid))"
        statement = text(f"{_PAGE} {older} ORDER BY entered_at DESC, id DESC LIMIT :limit")
        rows = await self._session.execute(statement, {"at": at, "id": bar_id, "limit": limit})
        return [_bar(row) for row in rows]

    async def stood_for_closed(self, id_numbers: Collection[str], since: date) -> frozenset[str]:
        """Whoever of them stands for an enterprise whose licence was revoked, or that was closed, since the day."""
        rows = await self._session.execute(_STOOD_FOR_CLOSED, {"numbers": list(id_numbers), "since": since})
        return frozenset(rows.scalars())


def _values(bar: PersonBar) -> dict[str, object]:
    return {
        "id": bar.id,
        "person_reference": bar.person_reference,
        "kind": bar.kind.value,
        "basis": bar.basis,
        "decided_by": bar.decided_by,
        "document_no": bar.document_no,
        "since": bar.since,
        "until": bar.until,
        "uscc": bar.uscc,
        "entered_by": bar.entered_by,
        "entered_at": bar.entered_at,
        "lifted_at": bar.lifted_at,
        "lifted_by": bar.lifted_by,
        "lifted_why": bar.lifted_why,
    }


def _bar(row: Row[Any]) -> PersonBar:
    return PersonBar(
        **dict(row._mapping)
        | {"kind": BarKind(row.kind), "person_reference": PersonReference(row.person_reference)}
    )
