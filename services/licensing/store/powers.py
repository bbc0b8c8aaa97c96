"""Powers delegated to zones, as heard from the gateway: who may decide which item where, and until when."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.licensing.store.tables import DelegatedPowerRow
from shared.security.deciding import DelegatedPower


class PowerStore:
    """Keeps the read model and answers from it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, power: DelegatedPower) -> None:
        """Write a power as it was delegated."""
        values = {**vars(power), "regions": list(power.regions)}
        del values["withdrawn_at"]
        await self._session.execute(
            insert(DelegatedPowerRow)
            .values(**values)
            .on_conflict_do_update(index_elements=["delegation_id"], set_=values)
        )

    async def withdraw(self, delegation_id: str, at: datetime) -> None:
        """Mark a power withdrawn."""
        await self._session.execute(
            update(DelegatedPowerRow)
            .where(col(DelegatedPowerRow.delegation_id) == delegation_id)
            .values(withdrawn_at=at)
        )

    async def of_zone(self, zone_uscc: str | None) -> tuple[DelegatedPower, ...]:
        """All powers that an agency ever had, ended ones too; most agencies never had any."""
        if zone_uscc is None:
            return ()
        query = select(DelegatedPowerRow).where(col(DelegatedPowerRow.zone_uscc) == zone_uscc)
        rows = (await self._session.execute(query.order_by(col(DelegatedPowerRow.delegation_id)))).scalars()
        return tuple(DelegatedPower(**{**row.model_dump(), "regions": tuple(row.regions)}) for row in rows)
