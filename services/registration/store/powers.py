"""Powers delegated to zones, as heard from the gateway: who may decide which item where, and until when."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.security.deciding import DelegatedPower

_PUT = text("""
    INSERT INTO delegated_power (delegation_id, item, zone_uscc, regions, valid_from, valid_until)
    VALUES (:delegation_id, :item, :zone_uscc, :regions, :valid_from, :valid_until)
    ON CONFLICT (delegation_id) DO UPDATE SET item = excluded.item, zone_uscc = excluded.zone_uscc,
        regions = excluded.regions, valid_from = excluded.valid_from, valid_until = excluded.valid_until
""")
_WITHDRAW = text("UPDATE delegated_power SET withdrawn_at = :at WHERE delegation_id = :delegation_id")
_OF_ZONE = text(
    "SELECT * FROM delegated_power WHERE zone_uscc = :zone_uscc AND item = :item ORDER BY delegation_id"
)


class PowerStore:
    """Keeps the read model and answers from it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, power: DelegatedPower) -> None:
        """Write a power as it was delegated."""
        values = {**vars(power), "regions": list(power.regions)}
        del values["withdrawn_at"]
        await self._session.execute(_PUT, values)

    async def withdraw(self, delegation_id: str, at: datetime) -> None:
        """Mark a power withdrawn."""
        await self._session.execute(_WITHDRAW, {"delegation_id": delegation_id, "at": at})

    async def of_zone(self, zone_uscc: str | None, item: str) -> tuple[DelegatedPower, ...]:
        """All powers over an item that an agency ever had, ended ones too; most agencies never had any."""
        if zone_uscc is None:
            return ()
        rows = await self._session.execute(_OF_ZONE, {"zone_uscc": zone_uscc, "item": item})
        return tuple(DelegatedPower(**{**row, "regions": tuple(row["regions"])}) for row in rows.mappings())
