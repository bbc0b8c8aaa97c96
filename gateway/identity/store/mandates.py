"""Mandates to rows and back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, desc, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.domain.mandates import (
    Mandate,
    MandateNotFound,
    MandateSource,
    MandateState,
)
from gateway.identity.store.tables import AccountRow, IdentityTable
from shared.database.columns import instant, texts
from shared.identifiers import PersonReference
from shared.security.principal import SubjectKind


class MandateRow(IdentityTable, table=True):
    __tablename__ = "identity_mandate"

    mandate_id: UUID = Field(primary_key=True)
    source: str
    principal_kind: str
    principal: str
    state: str
    scopes: list[str] = texts()
    valid_from: datetime = instant()
    valid_until: datetime | None = instant(nullable=True)
    given_by: str
    given_at: datetime = instant()
    agent: str | None
    agent_reference: str | None
    matter_id: UUID | None
    invitation_digest: str | None
    offered_until: datetime | None = instant(nullable=True)
    accepted_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str | None
    ended_because: str | None
    version: int


class Side(StrEnum):
    """From which side somebody looks at mandates."""

    GIVEN = "given"
    RECEIVED = "received"


@dataclass(frozen=True)
class Agent:
    """A person who acts for others: the subject, and the reference by which registration names the same person."""

    subject: str
    reference: PersonReference | None


class MandateStore:
    """Rows to mandates and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, mandate: Mandate) -> bool:
        """Keep a new mandate; False where one that still runs is in its place."""
        statement = insert(MandateRow).values(_values(mandate)).on_conflict_do_nothing()
        added = await self._session.execute(statement.returning(col(MandateRow.mandate_id)))
        return added.first() is not None

    async def save(self, mandate: Mandate) -> None:
        """Keep what became of a mandate that was locked."""
        await self._session.execute(
            update(MandateRow)
            .where(col(MandateRow.mandate_id) == mandate.mandate_id)
            .values(_values(mandate))
            .execution_options(synchronize_session=False)
        )

    async def find(self, mandate_id: UUID) -> Mandate:
        """Raises: MandateNotFound."""
        return await self._one(_mandates().where(col(MandateRow.mandate_id) == mandate_id), mandate_id)

    async def lock(self, mandate_id: UUID) -> Mandate:
        """Load for change. Raises: MandateNotFound."""
        query = _mandates().where(col(MandateRow.mandate_id) == mandate_id).with_for_update()
        return await self._one(query, mandate_id)

    async def lock_invitation(self, digest: str) -> Mandate | None:
        """Load the offer that stands under an invitation code."""
        query = _mandates().where(col(MandateRow.invitation_digest) == digest).with_for_update()
        found = await self._all(query)
        return found[0] if found else None

    async def lock_representative(self, uscc: str) -> Mandate | None:
        """Load the mandate of the enterprise's legal representative."""
        query = _mandates().where(
            col(MandateRow.principal) == uscc,
            col(MandateRow.source) == MandateSource.BY_LAW.value,
            col(MandateRow.state) == MandateState.ACTIVE.value,
        )
        found = await self._all(query.with_for_update())
        return found[0] if found else None

    async def of_matter(self, principal: str, matter_id: UUID) -> Mandate | None:
        """The offer to, or the mandate of, the matter's helper."""
        found = await self._all(_of_matter(principal, matter_id))
        return found[0] if found else None

    async def lock_of_matter(self, principal: str, matter_id: UUID) -> Mandate | None:
        """The same, for change."""
        found = await self._all(_of_matter(principal, matter_id).with_for_update())
        return found[0] if found else None

    async def lock_run_out(self, now: datetime, limit: int) -> list[Mandate]:
        """Load mandates and offers whose time is over and that do not say so yet."""
        lapsed = (col(MandateRow.state) == MandateState.OFFERED.value) & (
            col(MandateRow.offered_until) <= now
        )
        over = (col(MandateRow.state) == MandateState.ACTIVE.value) & (col(MandateRow.valid_until) <= now)
        query = _mandates().where(lapsed | over).order_by(col(MandateRow.mandate_id)).limit(limit)
        return await self._all(query.with_for_update(skip_locked=True))

    async def between(self, agent: Agent, principal: str) -> list[Mandate]:
        """Mandates under which the person may act for the principal, as far as the table tells."""
        query = _mandates().where(
            _held_by(agent),
            col(MandateRow.principal) == principal,
            col(MandateRow.state) == MandateState.ACTIVE.value,
        )
        return await self._all(query.limit(100))

    async def given(self, principal: str, before: UUID | None, limit: int) -> list[Mandate]:
        """Mandates that were given in a name, the newest first."""
        return await self._page(col(MandateRow.principal) == principal, before, limit)

    async def received(self, agent: Agent, before: UUID | None, limit: int) -> list[Mandate]:
        """Mandates that a person holds or is offered, the newest first."""
        return await self._page(_held_by(agent), before, limit)

    async def holders_of(self, principal: str, limit: int) -> list[str]:
        """Subjects of those who act for a principal in general, the first ones first."""
        query = select(col(MandateRow.agent)).where(
            col(MandateRow.principal) == principal,
            col(MandateRow.state) == MandateState.ACTIVE.value,
            col(MandateRow.agent).is_not(None),
            col(MandateRow.matter_id).is_(None),
        )
        found = await self._session.scalars(query.order_by(col(MandateRow.mandate_id)).limit(limit))
        return [agent for agent in found if agent is not None]

    async def citizen_id_of(self, subject: str) -> str | None:
        """The identity number of a person's account."""
        found: str | None = await self._session.scalar(
            select(col(AccountRow.citizen_id)).where(col(AccountRow.subject) == subject)
        )
        return found

    async def subject_named(self, username: str, phone: str) -> str | None:
        """The subject of the account with this name and telephone number."""
        found: str | None = await self._session.scalar(
            select(col(AccountRow.subject)).where(
                col(AccountRow.username) == username, col(AccountRow.phone) == phone
            )
        )
        return found

    async def names_of(self, subjects: Sequence[str]) -> dict[str, str]:
        """Names of persons by subject."""
        named = select(col(AccountRow.subject), col(AccountRow.display_name)).where(
            col(AccountRow.subject).in_(subjects)
        )
        return {row.subject: row.display_name for row in await self._session.execute(named)}

    async def _page(self, which: ColumnElement[bool], before: UUID | None, limit: int) -> list[Mandate]:
        query = _mandates().where(which)
        if before is not None:
            query = query.where(col(MandateRow.mandate_id) < before)
        return await self._all(query.order_by(desc(col(MandateRow.mandate_id))).limit(limit))

    async def _one(self, query: Select[MandateRow], mandate_id: UUID) -> Mandate:
        found = await self._all(query)
        if not found:
            raise MandateNotFound(mandate_id)
        return found[0]

    async def _all(self, query: Select[MandateRow]) -> list[Mandate]:
        rows = await self._session.execute(query.execution_options(populate_existing=True))
        return [_mandate(row) for row in rows.scalars()]


def _mandates() -> Select[MandateRow]:
    return select(MandateRow)


def _of_matter(principal: str, matter_id: UUID) -> Select[MandateRow]:
    running = [MandateState.OFFERED.value, MandateState.ACTIVE.value]
    return _mandates().where(
        col(MandateRow.principal) == principal,
        col(MandateRow.matter_id) == matter_id,
        col(MandateRow.state).in_(running),
    )


def _held_by(agent: Agent) -> ColumnElement[bool]:
    delegated = col(MandateRow.agent) == agent.subject
    if agent.reference is None:
        return delegated
    return or_(delegated, col(MandateRow.agent_reference) == agent.reference)


def _values(mandate: Mandate) -> dict[str, Any]:
    return asdict(mandate) | {
        "source": mandate.source.value,
        "principal_kind": mandate.principal_kind.value,
        "state": mandate.state.value,
        "scopes": sorted(mandate.scopes),
    }


def _mandate(row: MandateRow) -> Mandate:
    return Mandate(
        **row.model_dump()
        | {
            "source": MandateSource(row.source),
            "principal_kind": SubjectKind(row.principal_kind),
            "state": MandateState(row.state),
            "scopes": frozenset(row.scopes),
        }
    )
