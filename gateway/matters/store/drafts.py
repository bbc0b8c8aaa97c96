"""Drafts (草稿): forms that are not handed in yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.matters.store.tables import DraftRow
from shared.identifiers.channel import Channel


@dataclass(eq=False)
class DraftNotFound(Exception):
    """There is no such draft, or it is another's, or its time has run out."""

    draft_id: UUID


@dataclass(frozen=True)
class Draft:
    """What was typed so far, whole or not, and by which way it came in last."""

    id: UUID
    owner: str
    theme: str
    content: Mapping[str, Any]
    channel: Channel
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    version: int = 1


class DraftStore:
    """Keeps drafts until they are handed in, deleted or forgotten."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, draft: Draft) -> None:
        await self._session.execute(insert(DraftRow).values(_values(draft)))

    async def lock(self, draft_id: UUID, owner: str, now: datetime) -> Draft:
        """Raises: DraftNotFound."""
        query = select(DraftRow).where(col(DraftRow.draft_id) == draft_id, col(DraftRow.owner) == owner)
        query = query.where(col(DraftRow.expires_at) > now).with_for_update()
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            raise DraftNotFound(draft_id)
        return _draft(row)

    async def of_owner(self, owner: str, after: UUID | None, limit: int, now: datetime) -> list[Draft]:
        """Newest first."""
        query = select(DraftRow).where(col(DraftRow.owner) == owner, col(DraftRow.expires_at) > now)
        if after is not None:
            query = query.where(col(DraftRow.draft_id) < after)
        rows = await self._session.execute(query.order_by(col(DraftRow.draft_id).desc()).limit(limit))
        return [_draft(row) for row in rows.scalars()]

    async def save(self, draft: Draft) -> None:
        where = col(DraftRow.draft_id) == draft.id
        await self._session.execute(update(DraftRow).where(where).values(_values(draft)))

    async def remove(self, draft_id: UUID) -> None:
        await self._session.execute(delete(DraftRow).where(col(DraftRow.draft_id) == draft_id))

    async def forget(self, now: datetime, limit: int) -> int:
        """Delete what has run out; returns how many."""
        old = select(col(DraftRow.draft_id)).where(col(DraftRow.expires_at) <= now).limit(limit)
        gone = delete(DraftRow).where(col(DraftRow.draft_id).in_(old)).returning(col(DraftRow.draft_id))
        return len((await self._session.execute(gone)).all())


def _draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.draft_id,
        owner=row.owner,
        theme=row.theme,
        content=row.content,
        channel=Channel(row.channel),
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        version=row.version,
    )


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "draft_id": draft.id,
        "owner": draft.owner,
        "theme": draft.theme,
        "content": dict(draft.content),
        "channel": draft.channel.value,
        "created_at": draft.created_at,
        "changed_at": draft.changed_at,
        "expires_at": draft.expires_at,
        "version": draft.version,
    }
