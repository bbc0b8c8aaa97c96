"""Enterprises by the people in them."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.kinds import Role
from services.registration.store.enterprises import COLUMNS, enterprise_of
from shared.security.office import span_of

_ENTERPRISES = text(f"SELECT {COLUMNS} FROM enterprise WHERE uscc = ANY(CAST(:codes AS text[]))")  # noqa: S608
_BY = {"id_number": "p.id_number = :id_number", "name": "p.name = :name"}
_IN_REGION = """
    EXISTS (SELECT FROM enterprise AS e WHERE e.uscc = p.uscc
        AND e.domicile_division_code COLLATE "C" >= :first AND e.domicile_division_code COLLATE "C" < :end)
"""


class PeopleSearch:
    """Searches in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def enterprises_of(
        self, named: dict[str, str], region: str | None, after: str, limit: int
    ) -> list[tuple[Enterprise, tuple[Role, ...]]]:
        """By code: where somebody of this `id_number`, `name` or both has roles; those of a region only."""
        clauses = [_BY[column] for column in named]
        values: dict[str, object] = {**named, "after": after, "limit": limit}
        if region is not None:
            clauses.append(_IN_REGION)
            values["first"], values["end"] = span_of(region)
        statement = f"""
            SELECT p.uscc, array_agg(DISTINCT role ORDER BY role) AS roles
            FROM enterprise_person AS p, unnest(p.roles) AS role
            WHERE {" AND ".join(clauses)} AND p.uscc > :after GROUP BY p.uscc ORDER BY p.uscc LIMIT :limit
        """  # noqa: S608 - constants of this module only
        roles = {row.uscc: row.roles for row in await self._session.execute(text(statement), values)}
        rows = await self._session.execute(_ENTERPRISES, {"codes": list(roles)})
        found = {row.uscc: enterprise_of(row) for row in rows}
        return [(found[uscc], tuple(Role(role) for role in names)) for uscc, names in roles.items()]
