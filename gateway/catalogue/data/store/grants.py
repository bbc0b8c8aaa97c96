"""Grants to rows and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, desc, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.grant import LIVING, Grant, GrantStatus, Seed, Terms
from gateway.catalogue.data.store.tables import GrantRow
from shared.sharing.deciding import Way


@dataclass(frozen=True)
class GrantFilters:
    """Which grants are asked for; what is None does not narrow."""

    agency_uscc: str | None = None
    resource: str | None = None
    status: GrantStatus | None = None


class GrantStore:
    """Rows to grants and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, grant: Grant) -> None:
        """Keep a new grant."""
        values = _values(grant) | {
            "grant_id": grant.grant_id,
            "issued_by": grant.issued_by,
            "issued_at": grant.issued_at,
            "seed_key": grant.seed.key if grant.seed else None,
            "seed_digest": grant.seed.digest if grant.seed else None,
        }
        await self._session.execute(insert(GrantRow).values(values))

    async def save(self, grant: Grant) -> None:
        """Keep what became of a grant that was locked."""
        await self._session.execute(
            update(GrantRow).where(col(GrantRow.grant_id) == grant.grant_id).values(_values(grant))
        )

    async def find(self, grant_id: UUID) -> Grant | None:
        """Return a grant."""
        return await self._one(select(GrantRow).where(col(GrantRow.grant_id) == grant_id))

    async def lock(self, grant_id: UUID) -> Grant | None:
        """Return a grant that nobody else changes until the transaction ends."""
        return await self._one(select(GrantRow).where(col(GrantRow.grant_id) == grant_id).with_for_update())

    async def newest(
        self, filters: GrantFilters, *, now: datetime, before: UUID | None, limit: int
    ) -> list[Grant]:
        """Return a page of grants, the newest first (their ids are ordered by time)."""
        chosen = select(GrantRow).order_by(desc(col(GrantRow.grant_id))).limit(limit)
        if filters.agency_uscc is not None:
            chosen = chosen.where(col(GrantRow.agency_uscc) == filters.agency_uscc)
        if filters.resource is not None:
            chosen = chosen.where(col(GrantRow.resource) == filters.resource)
        if before is not None:
            chosen = chosen.where(col(GrantRow.grant_id) < before)
        if filters.status is not None:
            chosen = chosen.where(_has_status(filters.status, now))
        return [_grant(row) for row in await self._session.scalars(chosen)]

    async def lock_newest_seeded(self) -> dict[str, Grant]:
        """Return the newest grant of each seed key."""
        rows = await self._session.scalars(
            select(GrantRow)
            .where(col(GrantRow.seed_key).is_not(None))
            .order_by(col(GrantRow.grant_id))
            .with_for_update()
        )
        grants = [_grant(row) for row in rows]
        return {grant.seed.key: grant for grant in grants if grant.seed}

    async def lock_over(self, now: datetime, limit: int) -> list[Grant]:
        """Return grants whose term is over and that are not yet written down as expired."""
        rows = await self._session.scalars(
            select(GrantRow)
            .where(_is_living(), col(GrantRow.valid_until) <= now)
            .order_by(col(GrantRow.valid_until))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_grant(row) for row in rows]

    async def _one(self, statement: Select[GrantRow]) -> Grant | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _grant(row)


def _is_living() -> ColumnElement[bool]:
    return col(GrantRow.status).in_([status.value for status in LIVING])


def _has_status(status: GrantStatus, now: datetime) -> ColumnElement[bool]:
    kept = col(GrantRow.status) == status.value
    until = col(GrantRow.valid_until)
    if status is GrantStatus.EXPIRED:
        return kept | (_is_living() & (until <= now))
    return kept & (until > now) if status in LIVING else kept


def _values(grant: Grant) -> dict[str, Any]:
    terms = grant.terms
    return {
        "agency_uscc": terms.agency_uscc,
        "resource": terms.resource,
        "fields": list(terms.fields),
        "purpose": terms.purpose,
        "basis": terms.basis,
        "regions": list(terms.regions),
        "scenes": list(terms.scenes),
        "ways": [way.value for way in terms.ways],
        "needs_consent": terms.needs_consent,
        "needs_case_number": terms.needs_case_number,
        "valid_until": terms.valid_until,
        "status": grant.status.value,
        "suspended_because": grant.suspended_because,
        "withdrawn_by": grant.withdrawn_by,
        "withdrawn_at": grant.withdrawn_at,
        "version": grant.version,
    }


def _grant(row: GrantRow) -> Grant:
    seed = Seed(row.seed_key, row.seed_digest) if row.seed_key and row.seed_digest else None
    return Grant(
        grant_id=row.grant_id,
        terms=Terms(
            agency_uscc=row.agency_uscc,
            resource=row.resource,
            fields=tuple(row.fields),
            purpose=row.purpose,
            valid_until=row.valid_until,
            regions=tuple(row.regions),
            scenes=tuple(row.scenes),
            ways=tuple(Way(way) for way in row.ways),
            needs_consent=row.needs_consent,
            needs_case_number=row.needs_case_number,
            basis=row.basis,
        ),
        status=GrantStatus(row.status),
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        suspended_because=row.suspended_because,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        seed=seed,
        version=row.version,
    )
