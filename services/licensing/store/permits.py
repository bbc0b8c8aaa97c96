"""Permits: rows to domain values and back, and their serial numbers."""

from datetime import date

from sqlalchemy import ColumnElement, or_, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.licensing.domain.permit import Permit, PermitKind
from services.licensing.domain.rules import Wording
from services.licensing.store.tables import PermitRow
from shared.certificates import CertificateState

_IN_FORCE = (
    select(PermitRow)
    .where(col(PermitRow.certificate_state) == CertificateState.IN_FORCE.value)
    .order_by(col(PermitRow.number))
)
_NEXT = text(
    "INSERT INTO permit_serial AS s VALUES (:prefix, :day, 1)"
    " ON CONFLICT (prefix, issued_on) DO UPDATE SET last = s.last + 1 RETURNING last"
)
_FOLLOWING = (
    *("certificate_identifier", "version", "associated_identifier", "digest", "jws", "seal_zh", "seal_en"),
    *("holder_name", "premises", "premises_changed_on", "apply_by"),
)
_STEADY = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class PermitStore:
    """Reads and writes permits in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next_serial(self, prefix: str, issued_on: date) -> int:
        """Take the next serial of the day; the counter stays locked until the transaction ends."""
        taken = await self._session.execute(_NEXT, {"prefix": prefix, "day": issued_on})
        return int(taken.scalar_one())

    async def add(self, permit: Permit) -> None:
        """Insert a new permit."""
        values = {
            **{name: value for name, value in vars(permit).items() if not isinstance(value, Wording)},
            "name_zh": permit.name.zh,
            "name_en": permit.name.en,
            "issuer_zh": permit.issuer_name.zh,
            "issuer_en": permit.issuer_name.en,
            "supervising_zh": permit.supervising_name.zh,
            "supervising_en": permit.supervising_name.en,
        }
        await self._session.execute(insert(PermitRow).values(**values))

    async def find(self, number: str) -> Permit | None:
        """Load by permit number."""
        return await self._one(col(PermitRow.number) == number)

    async def by_identifier(self, identifier: str) -> Permit | None:
        """Load by certificate identifier."""
        return await self._one(col(PermitRow.certificate_identifier) == identifier)

    async def parts_of(self, number: str) -> tuple[Permit, ...]:
        """The component permits inside a comprehensive one, by number."""
        query = select(PermitRow).where(col(PermitRow.part_of) == number).order_by(col(PermitRow.number))
        return tuple(_permit(row) for row in (await self._session.execute(query)).scalars())

    async def in_force(self, uscc: str, on: date) -> tuple[Permit, ...]:
        """The component permits that an enterprise holds on the day."""
        query = _IN_FORCE.where(col(PermitRow.uscc) == uscc, col(PermitRow.item).is_not(None)).where(
            or_(col(PermitRow.valid_to).is_(None), col(PermitRow.valid_to) >= on)
        )
        return tuple(_permit(row) for row in (await self._session.execute(query)).scalars())

    async def keep_steady(self, uscc: str) -> None:
        """Until the transaction ends nobody else issues permits to the enterprise, nor lets them follow it."""
        await self._session.execute(_STEADY, {"key": f"permits of {uscc}"})

    async def lock_in_force(self, uscc: str) -> tuple[Permit, ...]:
        """All permits of an enterprise that have not ended, for change."""
        query = _IN_FORCE.where(col(PermitRow.uscc) == uscc).with_for_update()
        return tuple(_permit(row) for row in (await self._session.execute(query)).scalars())

    async def follow(self, permit: Permit) -> None:
        """Write the version of its certificate that is in force now, and whether it is at its premises."""
        await self._session.execute(
            update(PermitRow)
            .where(col(PermitRow.number) == permit.number)
            .values(**{name: getattr(permit, name) for name in _FOLLOWING})
        )

    async def end(self, permit: Permit) -> None:
        """Write down that it has ended."""
        await self._session.execute(
            update(PermitRow)
            .where(col(PermitRow.number) == permit.number)
            .values(certificate_state=permit.certificate_state, ended_on=permit.ended_on)
        )

    async def _one(self, condition: ColumnElement[bool]) -> Permit | None:
        row = (await self._session.execute(select(PermitRow).where(condition))).scalar_one_or_none()
        return None if row is None else _permit(row)


def _permit(row: PermitRow) -> Permit:
    names = ("name", "issuer", "supervising")
    values = row.model_dump(exclude={f"{name}_{language}" for name in names for language in ("zh", "en")})
    return Permit(
        **values
        | {
            "kind": PermitKind(row.kind),
            "name": Wording(row.name_zh, row.name_en),
            "issuer_name": Wording(row.issuer_zh, row.issuer_en),
            "supervising_name": Wording(row.supervising_zh, row.supervising_en),
        }
    )
