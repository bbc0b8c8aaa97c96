"""Grants of the catalogue, as heard from the gateway: who may read which fields, why and until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_PUT = text("""
    INSERT INTO data_grant (grant_id, agency_uscc, resource, fields, purpose, region_code, valid_until)
    VALUES (:grant_id, :agency_uscc, :resource, :fields, :purpose, :region_code, :valid_until)
    ON CONFLICT (grant_id) DO UPDATE SET agency_uscc = excluded.agency_uscc, resource = excluded.resource,
        fields = excluded.fields, purpose = excluded.purpose, region_code = excluded.region_code,
        valid_until = excluded.valid_until
""")
_WITHDRAW = text("UPDATE data_grant SET withdrawn_at = :at WHERE grant_id = :grant_id")
_RUNNING = text("""
    SELECT grant_id, fields FROM data_grant
    WHERE agency_uscc = :agency AND resource = :resource AND purpose = :purpose AND valid_until > :now
      AND (withdrawn_at IS NULL OR withdrawn_at > :now)
      AND (region_code IS NULL OR starts_with(:division, regexp_replace(region_code, '(00)+$', '')))
    ORDER BY grant_id
""")


@dataclass(frozen=True)
class DataGrant:
    """A grant with the fields that it opens, as dotted paths of the resource."""

    grant_id: str
    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    region_code: str | None
    valid_until: datetime


@dataclass(frozen=True)
class GrantedFields:
    """What an agency may read for a purpose, and under which grants."""

    grant_ids: tuple[str, ...]
    fields: frozenset[str]


class GrantStore:
    """Keeps the read model and answers from it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, grant: DataGrant) -> None:
        """Write a grant as it was issued."""
        await self._session.execute(
            _PUT,
            {
                "grant_id": grant.grant_id,
                "agency_uscc": grant.agency_uscc,
                "resource": grant.resource,
                "fields": list(grant.fields),
                "purpose": grant.purpose,
                "region_code": grant.region_code,
                "valid_until": grant.valid_until,
            },
        )

    async def withdraw(self, grant_id: str, at: datetime) -> None:
        """Mark a grant withdrawn."""
        await self._session.execute(_WITHDRAW, {"grant_id": grant_id, "at": at})

    async def granted(
        self, agency: str, resource: str, purpose: str, division: str, now: datetime
    ) -> GrantedFields:
        """Fields open to the agency for the purpose, for a record of the division, at this moment."""
        values = {
            "agency": agency,
            "resource": resource,
            "purpose": purpose,
            "division": division,
            "now": now,
        }
        rows = (await self._session.execute(_RUNNING, values)).all()
        return GrantedFields(
            tuple(row.grant_id for row in rows), frozenset(name for row in rows for name in row.fields)
        )
