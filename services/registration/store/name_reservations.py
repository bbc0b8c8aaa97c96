"""Reservations of names: rows to domain objects and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.name_errors import ReservationNotFound
from services.registration.domain.name_reservation import NameReservation, NameWish, ReservationStatus
from services.registration.domain.names import NameParts
from services.registration.domain.rule import RuleResult

_NAME: Final = TypeAdapter(NameParts)
_RESULTS: Final = TypeAdapter(tuple[RuleResult, ...])
_COLUMNS: Final = """id, applicant, status, version, name::text AS name, enterprise_kind, scope, for_uscc,
    counter_uscc, permit_first, results::text AS results, reserved_at, reserved_until, remind_at, filing_id"""
_FIND: Final = f"SELECT {_COLUMNS} FROM name_reservation WHERE id = :id"  # noqa: S608 - constants only, here and below
_OF_APPLICANT = text(f"""
    SELECT {_COLUMNS} FROM name_reservation WHERE applicant = :applicant
    AND (CAST(:at AS timestamptz) IS NULL OR (reserved_at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY reserved_at DESC, id DESC LIMIT :limit
""")  # noqa: S608
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended('name_reservation ' || :applicant, 0))")
_HELD = text("SELECT count(*) FROM name_reservation WHERE applicant = :applicant AND status = 'reserved'")
_SAVE = text("""
    INSERT INTO name_reservation (id, applicant, status, version, name, enterprise_kind, scope, for_uscc,
        counter_uscc, permit_first, results, reserved_at, reserved_until, remind_at, filing_id)
    VALUES (:id, :applicant, :status, :version, CAST(:name AS jsonb), :enterprise_kind, :scope, :for_uscc,
        :counter_uscc, :permit_first, CAST(:results AS jsonb), :reserved_at, :reserved_until, :remind_at,
        :filing_id)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version,
        remind_at = excluded.remind_at, filing_id = excluded.filing_id
""")
_LAPSED = text(f"""
    SELECT {_COLUMNS} FROM name_reservation WHERE status = 'reserved' AND reserved_until <= :now
    ORDER BY reserved_until LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608
_TO_TELL = text(f"""
    SELECT {_COLUMNS} FROM name_reservation WHERE status = 'reserved' AND remind_at <= :now
    ORDER BY remind_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")  # noqa: S608


class ReservationStore:
    """Reads and writes reservations in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, reservation_id: UUID, *, lock: bool = False) -> NameReservation:
        """Raises: ReservationNotFound."""
        statement = text(_FIND + (" FOR UPDATE" if lock else ""))
        row = (await self._session.execute(statement, {"id": reservation_id})).one_or_none()
        if row is None:
            raise ReservationNotFound
        return _reservation(row)

    async def of_applicant(
        self, applicant: str, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[NameReservation]:
        """Newest first."""
        at, last = after or (None, None)
        values = {"applicant": applicant, "at": at, "id": last, "limit": limit}
        return _reservations((await self._session.execute(_OF_APPLICANT, values)).all())

    async def count_held(self, applicant: str) -> int:
        """How many names the applicant has reserved; another request of theirs waits for this one."""
        await self._session.execute(_ONE_BY_ONE, {"applicant": applicant})
        return int((await self._session.execute(_HELD, {"applicant": applicant})).scalar_one())

    async def lapsed(self, now: datetime, limit: int) -> list[NameReservation]:
        """Locks those whose time has run out; what another worker holds is left to it."""
        return _reservations((await self._session.execute(_LAPSED, {"now": now, "limit": limit})).all())

    async def to_tell(self, now: datetime, limit: int) -> list[NameReservation]:
        """Locks those whose holders are to be told of the end."""
        return _reservations((await self._session.execute(_TO_TELL, {"now": now, "limit": limit})).all())

    async def save(self, one: NameReservation) -> None:
        """Write the reservation; what is reserved, and until when, never changes."""
        await self._session.execute(
            _SAVE,
            {
                "id": one.id,
                "applicant": one.applicant,
                "status": one.status.value,
                "version": one.version,
                "name": _NAME.dump_json(one.wish.name).decode(),
                "enterprise_kind": one.wish.enterprise_kind.value,
                "scope": list(one.wish.scope),
                "for_uscc": one.wish.for_uscc,
                "counter_uscc": one.counter_uscc,
                "permit_first": one.is_permit_first,
                "results": _RESULTS.dump_json(one.results).decode(),
                "reserved_at": one.reserved_at,
                "reserved_until": one.reserved_until,
                "remind_at": one.remind_at,
                "filing_id": one.filing_id,
            },
        )


def _reservations(rows: Sequence[Row[Any]]) -> list[NameReservation]:
    return [_reservation(row) for row in rows]


def _reservation(row: Row[Any]) -> NameReservation:
    return NameReservation(
        id=row.id,
        status=ReservationStatus(row.status),
        version=row.version,
        applicant=row.applicant,
        wish=NameWish(
            _NAME.validate_json(row.name), EnterpriseKind(row.enterprise_kind), tuple(row.scope), row.for_uscc
        ),
        is_permit_first=row.permit_first,
        results=_RESULTS.validate_json(row.results),
        reserved_at=row.reserved_at,
        reserved_until=row.reserved_until,
        remind_at=row.remind_at,
        counter_uscc=row.counter_uscc,
        filing_id=row.filing_id,
    )
