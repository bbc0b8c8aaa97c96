"""Earlier versions of permits' certificates, and the last change of each holder that permits followed."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col, select

from services.licensing.domain.holder_change import HolderTold
from services.licensing.domain.permit import LapsedVersion
from services.licensing.store.base import LicensingTable
from services.licensing.store.permits import PermitStore
from shared.database.columns import instant

_SEALED = (
    "version",
    "associated_identifier",
    "holder_name",
    "premises",
    "digest",
    "jws",
    "seal_zh",
    "seal_en",
)
_NEWER = text("""
    SELECT c.name, c.address, c.effective_on FROM holder_change c LEFT JOIN enterprise e USING (uscc)
    WHERE c.uscc = :uscc AND c.sequence > COALESCE(e.event_sequence, 0)
""")


class LapsedVersionRow(LicensingTable, table=True):
    """A version of a permit's certificate that another one took the place of."""

    __tablename__ = "lapsed_version"

    certificate_identifier: str = Field(primary_key=True)
    permit_number: str
    version: int
    associated_identifier: str | None
    superseded_by: str
    holder_name: str
    premises: str | None
    digest: str
    jws: str
    seal_zh: str
    seal_en: str
    lapsed_at: datetime = instant()


class HolderChangeRow(LicensingTable, table=True):
    """The last change of an enterprise that its permits followed, with its place in the line of events."""

    __tablename__ = "holder_change"

    uscc: str = Field(primary_key=True)
    sequence: int
    name: str
    address: str | None
    effective_on: date


class LapsedVersionStore:
    """Reads and writes versions out of force in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, lapsed: LapsedVersion) -> None:
        """Keep a version that another one takes the place of."""
        permit = lapsed.permit
        await self._session.execute(
            insert(LapsedVersionRow).values(
                certificate_identifier=permit.certificate_identifier,
                permit_number=permit.number,
                superseded_by=lapsed.superseded_by,
                lapsed_at=lapsed.lapsed_at,
                **{name: getattr(permit, name) for name in _SEALED},
            )
        )

    async def by_identifier(self, identifier: str) -> LapsedVersion | None:
        """Load with the permit as that version had it."""
        query = select(LapsedVersionRow).where(col(LapsedVersionRow.certificate_identifier) == identifier)
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            return None
        permit = await PermitStore(self._session).find(row.permit_number)
        if permit is None:
            return None
        sealed = {name: getattr(row, name) for name in _SEALED}
        return LapsedVersion(
            replace(permit, certificate_identifier=identifier, **sealed), row.superseded_by, row.lapsed_at
        )


class HolderChangeStore:
    """What permits followed last, whatever the read model of enterprises stands at."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, told: HolderTold, sequence: int) -> None:
        """Write down what an event told."""
        values = vars(told) | {"sequence": sequence}
        await self._session.execute(
            insert(HolderChangeRow)
            .values(**values)
            .on_conflict_do_update(index_elements=["uscc"], set_=values)
        )

    async def newer_than_read_model(self, uscc: str) -> HolderTold | None:
        """The last change, where the read model has not heard of it yet."""
        row = (await self._session.execute(_NEWER, {"uscc": uscc})).one_or_none()
        return None if row is None else HolderTold(uscc, row.name, row.address, row.effective_on)
