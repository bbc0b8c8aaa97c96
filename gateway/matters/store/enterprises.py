"""What the register's events tell of enterprises: a read model, made of events alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.store.tables import EnterpriseRow

_GONE: Final = ("deregistered", "annulled", "moved_out")


@dataclass(frozen=True)
class KnownEnterprise:
    """Public facts by the source under which forms know them."""

    uscc: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    division_code: str | None = None
    scope_codes: tuple[str, ...] = ()
    state: str | None = None
    established_on: date | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it left the market."""
        return self.state in _GONE


class EnterpriseStore:
    """Keeps and finds enterprises."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, uscc: str) -> KnownEnterprise | None:
        query = select(EnterpriseRow).where(col(EnterpriseRow.uscc) == uscc)
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            return None
        return KnownEnterprise(
            uscc=row.uscc,
            facts=row.facts or {},
            division_code=row.division_code,
            scope_codes=tuple(row.scope_codes),
            state=row.state,
            established_on=row.established_on,
        )

    async def put_facts(self, told: KnownEnterprise) -> None:
        """Take what the register says now."""
        values = {
            "facts": dict(told.facts),
            "division_code": told.division_code,
            "scope_codes": list(told.scope_codes),
            "state": told.state,
            "established_on": told.established_on,
        }
        statement = insert(EnterpriseRow).values({**values, "uscc": told.uscc})
        await self._session.execute(statement.on_conflict_do_update(index_elements=["uscc"], set_=values))
