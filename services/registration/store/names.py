"""Claims on names: who has or reserves which name; the database lets one win."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.name_rules import NameConflicts
from services.registration.domain.names import NameKeys, trades_touch
from services.registration.domain.policy import NamePolicy

_FREED = "(c.reserved_until <= :now OR c.gone_on <= :freed_on)"
_SAME_OR_ALIKE = """
    (c.name_key = :name OR (c.division_code = :division AND c.distinctive_key = :distinctive
     AND c.trade_key = :trade))
"""
_HELD = text(f"""
    SELECT c.name_key, c.trade_key FROM name_claim c
    WHERE c.name_key = :name AND c.filing_id IS DISTINCT FROM :own AND {_FREED} IS NOT TRUE
    UNION ALL
    (SELECT c.name_key, c.trade_key FROM name_claim c
    WHERE c.division_code = :division AND c.distinctive_key = :distinctive
      AND c.filing_id IS DISTINCT FROM :own AND {_FREED} IS NOT TRUE
    ORDER BY c.trade_key NOT IN (:trade, ''), c.trade_key LIMIT 200)
""")  # noqa: S608 - constants of this module only
_FORGET_FREED = text(f"DELETE FROM name_claim c WHERE {_SAME_OR_ALIKE} AND {_FREED}")  # noqa: S608
_RELEASE = text("DELETE FROM name_claim WHERE filing_id = :own AND uscc IS NULL")
_CLAIM = text("""
    INSERT INTO name_claim (name_key, division_code, distinctive_key, trade_key, filing_id, reserved_until)
    VALUES (:name, :division, :distinctive, :trade, :own, :until)
    ON CONFLICT DO NOTHING RETURNING name_key
""")
_REGISTER = text("UPDATE name_claim SET uscc = :uscc, reserved_until = NULL WHERE filing_id = :own")
_FORGET_LAPSED = text("""
    DELETE FROM name_claim WHERE name_key IN (
        SELECT name_key FROM name_claim WHERE reserved_until <= :now
        ORDER BY reserved_until LIMIT 500 FOR UPDATE SKIP LOCKED)
""")


@dataclass(frozen=True)
class NameClaim:
    """A name that a filing asks for, in a division; names given up on or before `freed_on` are free again."""

    keys: NameKeys
    division_code: str
    filing_id: UUID | None
    freed_on: date


class NameStore:
    """Reads and takes claims in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def conflicts(self, claim: NameClaim, policy: NamePolicy, now: datetime) -> NameConflicts:
        """What stands against the name, other than the filing's own claim."""
        held = (await self._session.execute(_HELD, self._values(claim) | {"now": now})).all()
        trade = claim.keys.trade
        return NameConflicts(
            same=any(row.name_key == claim.keys.name for row in held),
            # A name without trade stands against every trade, and the other way round (art. 17).
            alike=any(row.trade_key == trade or not row.trade_key or not trade for row in held),
            similar=any(
                row.trade_key != trade and trades_touch(row.trade_key, trade, policy) for row in held
            ),
        )

    async def reserve(self, claim: NameClaim, until: datetime, now: datetime) -> bool:
        """Take the name for the filing, in place of what it held; False where another was first."""
        values = self._values(claim)
        await self.release(claim.filing_id)
        await self._session.execute(_FORGET_FREED, values | {"now": now})
        won = await self._session.execute(_CLAIM, values | {"until": until})
        return won.first() is not None

    async def register(self, filing_id: UUID, uscc: str) -> None:
        """Turn the filing's claim into the enterprise's."""
        await self._session.execute(_REGISTER, {"own": filing_id, "uscc": uscc})

    async def release(self, filing_id: UUID | None) -> None:
        """Give up what the filing reserved."""
        await self._session.execute(_RELEASE, {"own": filing_id})

    async def forget_lapsed(self, now: datetime) -> int:
        """Remove reservations that ran out; returns how many."""
        done = await self._session.execute(_FORGET_LAPSED, {"now": now})
        return int(getattr(done, "rowcount", 0))

    @staticmethod
    def _values(claim: NameClaim) -> dict[str, object]:
        return {
            "name": claim.keys.name,
            "division": claim.division_code,
            "distinctive": claim.keys.distinctive,
            "trade": claim.keys.trade,
            "own": claim.filing_id,
            "freed_on": claim.freed_on,
        }
