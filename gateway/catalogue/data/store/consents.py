"""Consents to rows and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, desc, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.consent import Consent, Notice
from gateway.catalogue.data.store.tables import ConsentRow


class ConsentStore:
    """Rows to consents and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, consent: Consent) -> None:
        """Keep a new consent."""
        values: dict[str, Any] = {name: value for name, value in vars(consent).items() if name != "notice"}
        values |= {**asdict(consent.notice), "fields": list(consent.fields)}
        await self._session.execute(insert(ConsentRow).values(values))

    async def save(self, consent: Consent) -> None:
        """Keep what became of a consent that was locked."""
        changed = {
            "withdrawn_by": consent.withdrawn_by,
            "withdrawn_at": consent.withdrawn_at,
            "version": consent.version,
        }
        await self._session.execute(
            update(ConsentRow).where(col(ConsentRow.consent_id) == consent.consent_id).values(changed)
        )

    async def find(self, consent_id: UUID) -> Consent | None:
        """Return a consent."""
        return await self._one(select(ConsentRow).where(col(ConsentRow.consent_id) == consent_id))

    async def lock(self, consent_id: UUID) -> Consent | None:
        """Return a consent that nobody else changes until the transaction ends."""
        chosen = select(ConsentRow).where(col(ConsentRow.consent_id) == consent_id)
        return await self._one(chosen.with_for_update())

    async def of_subject(self, subject: str, *, before: UUID | None, limit: int) -> list[Consent]:
        """Return a page of what somebody consented to, the newest first (the ids are ordered by time)."""
        chosen = select(ConsentRow).where(col(ConsentRow.subject) == subject)
        if before is not None:
            chosen = chosen.where(col(ConsentRow.consent_id) < before)
        rows = await self._session.scalars(chosen.order_by(desc(col(ConsentRow.consent_id))).limit(limit))
        return [_consent(row) for row in rows]

    async def lock_of(self, subject: str, purpose: str) -> list[Consent]:
        """Return all consents of a subject for a purpose, which nobody else changes until the transaction ends."""
        chosen = select(ConsentRow).where(
            col(ConsentRow.subject) == subject, col(ConsentRow.purpose) == purpose
        )
        rows = await self._session.scalars(chosen.order_by(col(ConsentRow.consent_id)).with_for_update())
        return [_consent(row) for row in rows]

    async def held_by(self, agency_uscc: str, subject: str, now: datetime) -> list[Consent]:
        """Return the living consents of a subject to an agency's readings."""
        chosen = select(ConsentRow).where(
            col(ConsentRow.subject) == subject,
            col(ConsentRow.agency_uscc) == agency_uscc,
            col(ConsentRow.withdrawn_at).is_(None),
            col(ConsentRow.valid_until) > now,
        )
        return [_consent(row) for row in await self._session.scalars(chosen)]

    async def _one(self, statement: Select[ConsentRow]) -> Consent | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _consent(row)


def _consent(row: ConsentRow) -> Consent:
    told = {"content", "method", "use", "scope", "rights_notice"}
    values = row.model_dump(exclude=told)
    return Consent(**values | {"fields": tuple(row.fields), "notice": Notice(**row.model_dump(include=told))})
