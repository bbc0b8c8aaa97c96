"""Dispatches and the local outbox to rows and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from gateway.notices.domain.notice import Channel, Dispatch, DispatchState, Message
from gateway.notices.store.tables import DispatchRow, OutboxRow


@dataclass(frozen=True)
class DispatchFilters:
    """Which dispatches are asked for; what is None does not narrow."""

    state: DispatchState | None = None
    channel: Channel | None = None


@dataclass(frozen=True)
class OutboxEntry:
    """A message as a provider would have got it."""

    message_key: str
    channel: Channel
    address: str
    title: str
    content: str
    sent_at: datetime


class DispatchStore:
    """Rows to dispatches and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, dispatch: Dispatch) -> None:
        """Keep a new dispatch."""
        await self._session.execute(insert(DispatchRow).values(_values(dispatch)))

    async def due(self, now: datetime, limit: int) -> list[Dispatch]:
        """Return what is to leave by now, of each person, case and channel the oldest that has not left.

        What is urgent waits for what is urgent alone: the others may be held back by quiet hours.
        """
        earlier = aliased(DispatchRow)
        blocked = (
            select(col(earlier.notice_id))
            .where(
                col(earlier.recipient) == col(DispatchRow.recipient),
                col(earlier.case_no) == col(DispatchRow.case_no),
                col(earlier.channel) == col(DispatchRow.channel),
                col(earlier.state) == DispatchState.PENDING.value,
                col(earlier.notice_id) < col(DispatchRow.notice_id),
                or_(col(earlier.urgent), ~col(DispatchRow.urgent)),
            )
            .exists()
        )
        chosen = (
            select(DispatchRow)
            .where(
                col(DispatchRow.state) == DispatchState.PENDING.value,
                col(DispatchRow.next_attempt_at) <= now,
                ~blocked,
            )
            .order_by(col(DispatchRow.next_attempt_at), col(DispatchRow.notice_id))
            .limit(limit)
        )
        rows = await self._session.scalars(chosen.execution_options(populate_existing=True))
        return [_dispatch(row) for row in rows]

    async def save(self, dispatch: Dispatch) -> None:
        """Keep what became of a dispatch."""
        await self._session.execute(
            update(DispatchRow)
            .where(
                col(DispatchRow.notice_id) == dispatch.notice_id,
                col(DispatchRow.channel) == dispatch.channel.value,
            )
            .values(_values(dispatch))
            .execution_options(synchronize_session=False)
        )

    async def of_notice(self, notice_id: UUID) -> list[Dispatch]:
        """Return the dispatches of a notice."""
        rows = await self._session.scalars(
            select(DispatchRow)
            .where(col(DispatchRow.notice_id) == notice_id)
            .order_by(col(DispatchRow.channel))
            .execution_options(populate_existing=True)
        )
        return [_dispatch(row) for row in rows]

    async def page(
        self, filters: DispatchFilters, before: tuple[UUID, str] | None, limit: int
    ) -> list[Dispatch]:
        """Return a page of dispatches, those of the newest notices first."""
        key = tuple_(col(DispatchRow.notice_id), col(DispatchRow.channel))
        chosen = select(DispatchRow)
        if filters.state is not None:
            chosen = chosen.where(col(DispatchRow.state) == filters.state.value)
        if filters.channel is not None:
            chosen = chosen.where(col(DispatchRow.channel) == filters.channel.value)
        if before is not None:
            chosen = chosen.where(key < before)
        order = (col(DispatchRow.notice_id).desc(), col(DispatchRow.channel).desc())
        rows = await self._session.scalars(chosen.order_by(*order).limit(limit))
        return [_dispatch(row) for row in rows]

    async def put_out(self, message: Message, now: datetime) -> None:
        """Put a message into the local outbox; a repeat is known by its key."""
        await self._session.execute(
            insert(OutboxRow)
            .values(
                message_key=message.key,
                channel=message.channel.value,
                address=message.address,
                title=message.title,
                content=message.content,
                sent_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def outbox(self, before: tuple[datetime, str] | None, limit: int) -> list[OutboxEntry]:
        """Return a page of the local outbox, the newest first."""
        chosen = select(OutboxRow)
        if before is not None:
            chosen = chosen.where(tuple_(col(OutboxRow.sent_at), col(OutboxRow.message_key)) < before)
        order = (col(OutboxRow.sent_at).desc(), col(OutboxRow.message_key).desc())
        rows = await self._session.scalars(chosen.order_by(*order).limit(limit))
        return [OutboxEntry(**row.model_dump() | {"channel": Channel(row.channel)}) for row in rows]


def _values(dispatch: Dispatch) -> dict[str, Any]:
    return {
        "notice_id": dispatch.notice_id,
        "channel": dispatch.channel.value,
        "recipient": dispatch.recipient,
        "case_no": dispatch.case_no,
        "urgent": dispatch.urgent,
        "state": dispatch.state.value,
        "next_attempt_at": dispatch.next_attempt_at,
        "attempts": dispatch.attempts,
        "last_fault": dispatch.last_fault,
        "ended_at": dispatch.ended_at,
    }


def _dispatch(row: DispatchRow) -> Dispatch:
    return Dispatch(**row.model_dump() | {"channel": Channel(row.channel), "state": DispatchState(row.state)})
