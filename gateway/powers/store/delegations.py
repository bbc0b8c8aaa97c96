"""Delegations to rows and back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, desc, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.powers.domain.delegation import Delegation, DelegationStatus, Terms, Withdrawal
from gateway.powers.store.tables import DelegationRow


@dataclass(frozen=True)
class DelegationFilters:
    """Which delegations are asked for; what is None does not narrow. `party_uscc` gives or has the power."""

    party_uscc: str | None = None
    zone_uscc: str | None = None
    item: str | None = None
    status: DelegationStatus | None = None


class DelegationStore:
    """Rows to delegations and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, delegation: Delegation) -> bool:
        """Keep a new delegation; False where the zone has a power over the item already."""
        terms = delegation.terms
        await self._close_expired(terms, delegation.given_at)
        values = {
            "delegation_id": delegation.delegation_id,
            "granting_uscc": delegation.granting_uscc,
            "zone_uscc": terms.zone_uscc,
            "item": terms.item,
            "regions": list(terms.regions),
            "valid_from": terms.valid_from,
            "valid_until": terms.valid_until,
            "legal_basis": terms.legal_basis,
            "given_by": delegation.given_by,
            "given_at": delegation.given_at,
            "is_open": True,
            "version": delegation.version,
        }
        added = insert(DelegationRow).values(values).on_conflict_do_nothing()
        kept = await self._session.execute(added.returning(col(DelegationRow.delegation_id)))
        return kept.scalar_one_or_none() is not None

    async def save(self, delegation: Delegation) -> None:
        """Keep what became of a delegation that was locked."""
        withdrawal = delegation.withdrawal
        changed = {
            "is_open": withdrawal is None,
            "withdrawn_by": withdrawal.by if withdrawal else None,
            "withdrawn_at": withdrawal.at if withdrawal else None,
            "withdrawal_reason": withdrawal.reason if withdrawal else None,
            "version": delegation.version,
        }
        await self._session.execute(
            update(DelegationRow)
            .where(col(DelegationRow.delegation_id) == delegation.delegation_id)
            .values(changed)
        )

    async def find(self, delegation_id: UUID) -> Delegation | None:
        """Return a delegation."""
        return await self._one(_by_id(delegation_id))

    async def lock(self, delegation_id: UUID) -> Delegation | None:
        """Return a delegation that nobody else changes until the transaction ends."""
        return await self._one(_by_id(delegation_id).with_for_update())

    async def newest(
        self, filters: DelegationFilters, *, now: datetime, before: UUID | None, limit: int
    ) -> list[Delegation]:
        """Return a page of delegations, the newest first (their ids are ordered by time)."""
        chosen = select(DelegationRow).order_by(desc(col(DelegationRow.delegation_id))).limit(limit)
        if filters.party_uscc is not None:
            granting, zone = col(DelegationRow.granting_uscc), col(DelegationRow.zone_uscc)
            chosen = chosen.where(or_(granting == filters.party_uscc, zone == filters.party_uscc))
        if filters.zone_uscc is not None:
            chosen = chosen.where(col(DelegationRow.zone_uscc) == filters.zone_uscc)
        if filters.item is not None:
            chosen = chosen.where(col(DelegationRow.item) == filters.item)
        if filters.status is not None:
            chosen = chosen.where(*_has_status(filters.status, now))
        if before is not None:
            chosen = chosen.where(col(DelegationRow.delegation_id) < before)
        return [_delegation(row) for row in await self._session.scalars(chosen)]

    async def _close_expired(self, terms: Terms, now: datetime) -> None:
        await self._session.execute(
            update(DelegationRow)
            .where(
                col(DelegationRow.zone_uscc) == terms.zone_uscc,
                col(DelegationRow.item) == terms.item,
                col(DelegationRow.is_open).is_(True),
                col(DelegationRow.valid_until) <= now,
            )
            .values(is_open=False)
        )

    async def _one(self, statement: "Select[DelegationRow]") -> Delegation | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _delegation(row)


def _by_id(delegation_id: UUID) -> "Select[DelegationRow]":
    return select(DelegationRow).where(col(DelegationRow.delegation_id) == delegation_id)


def _has_status(status: DelegationStatus, now: datetime) -> "list[ColumnElement[bool]]":
    withdrawn, until = col(DelegationRow.withdrawn_at), col(DelegationRow.valid_until)
    begun = col(DelegationRow.valid_from) <= now
    if status is DelegationStatus.WITHDRAWN:
        return [withdrawn.is_not(None)]
    if status is DelegationStatus.EXPIRED:
        return [withdrawn.is_(None), until <= now]
    in_time = or_(until.is_(None), until > now)
    return [withdrawn.is_(None), in_time, begun if status is DelegationStatus.RUNNING else ~begun]


def _delegation(row: DelegationRow) -> Delegation:
    withdrawal = None
    if row.withdrawn_at is not None and row.withdrawn_by is not None and row.withdrawal_reason is not None:
        withdrawal = Withdrawal(row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason)
    return Delegation(
        delegation_id=row.delegation_id,
        granting_uscc=row.granting_uscc,
        terms=Terms(
            item=row.item,
            zone_uscc=row.zone_uscc,
            regions=tuple(row.regions),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            legal_basis=row.legal_basis,
        ),
        given_by=row.given_by,
        given_at=row.given_at,
        withdrawal=withdrawal,
        version=row.version,
    )
