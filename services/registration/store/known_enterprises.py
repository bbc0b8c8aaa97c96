"""What the register knows of enterprises that a filing names, and how many are at an address."""

from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.kinds import GONE, OWNER_ROLES, EnterpriseKind, EnterpriseState
from services.registration.domain.known_facts import KnownEnterprise

_OF = text("""
    SELECT uscc, name, enterprise_kind, state, is_foreign_invested, owner_accounts FROM enterprise
    WHERE uscc = ANY(CAST(:codes AS text[]))
""")
_OWNED_BY = text("""
    SELECT DISTINCT p.uscc FROM enterprise_person AS p JOIN enterprise AS e ON e.uscc = p.uscc
    WHERE p.id_number = :owner AND p.roles && CAST(:roles AS text[]) AND e.state <> ALL(CAST(:gone AS text[]))
    LIMIT 1000
""")
_AT_ADDRESS = text("""
    SELECT count(*) FROM enterprise
    WHERE domicile_division_code = :town AND md5(domicile_text) = md5(CAST(:address AS text))
        AND domicile_text = :address AND state <> ALL(CAST(:gone AS text[]))
""")


class KnownEnterprises:
    """Reads in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, codes: Collection[str]) -> Mapping[str, KnownEnterprise]:
        """Those of them that are in this register, by code."""
        if not codes:
            return {}
        rows = await self._session.execute(_OF, {"codes": list(codes)})
        return {
            row.uscc: KnownEnterprise(
                row.name,
                EnterpriseKind(row.enterprise_kind),
                EnterpriseState(row.state),
                row.is_foreign_invested,
                tuple(row.owner_accounts),
            )
            for row in rows
        }

    async def owned_by(self, owner: str) -> frozenset[str]:
        """Those of which the enterprise owns part (对外投资)."""
        values = {
            "owner": owner,
            "roles": sorted(role.value for role in OWNER_ROLES),
            "gone": sorted(state.value for state in GONE),
        }
        return frozenset((await self._session.scalars(_OWNED_BY, values)).all())

    async def count_at(self, town: str, address: str) -> int:
        """How many enterprises have this domicile (一址多照)."""
        values = {"town": town, "address": address, "gone": sorted(state.value for state in GONE)}
        return int((await self._session.execute(_AT_ADDRESS, values)).scalar_one())
