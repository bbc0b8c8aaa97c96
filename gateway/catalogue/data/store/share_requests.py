"""Sharing requests to rows and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, desc, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.catalogue.data.domain.share_request import RequestStatus, ShareRequest
from gateway.catalogue.data.store.documents import Documents
from gateway.catalogue.data.store.sharing_tables import RequestRow

_REQUESTS: Final = Documents(ShareRequest)


@dataclass(frozen=True)
class RequestFilters:
    """Which requests are asked for; what is None does not narrow. `party_uscc` made it or owns the resource."""

    party_uscc: str | None = None
    requester_uscc: str | None = None
    owner_uscc: str | None = None
    status: RequestStatus | None = None
    is_overdue: bool | None = None


class ShareRequestStore:
    """Rows to requests and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, request: ShareRequest) -> None:
        """Keep a new request."""
        values = {"request_id": request.request_id, **_values(request)}
        await self._session.execute(insert(RequestRow).values(values))

    async def save(self, request: ShareRequest) -> None:
        """Keep what became of a request that was locked."""
        await self._session.execute(
            update(RequestRow)
            .where(col(RequestRow.request_id) == request.request_id)
            .values(_values(request))
            .execution_options(synchronize_session=False)
        )

    async def find(self, request_id: UUID) -> ShareRequest | None:
        """Return a request."""
        return await self._one(select(RequestRow).where(col(RequestRow.request_id) == request_id))

    async def lock(self, request_id: UUID) -> ShareRequest | None:
        """Return a request that nobody else changes until the transaction ends."""
        chosen = select(RequestRow).where(col(RequestRow.request_id) == request_id).with_for_update()
        return await self._one(chosen.execution_options(populate_existing=True))

    async def page(self, filters: RequestFilters, *, before: UUID | None, limit: int) -> list[ShareRequest]:
        """Return a page of requests, the newest first (their ids are ordered by time)."""
        chosen = select(RequestRow).order_by(desc(col(RequestRow.request_id))).limit(limit)
        requester, owner = col(RequestRow.requester_uscc), col(RequestRow.owner_uscc)
        if filters.party_uscc is not None:
            chosen = chosen.where(or_(requester == filters.party_uscc, owner == filters.party_uscc))
        if filters.requester_uscc is not None:
            chosen = chosen.where(requester == filters.requester_uscc)
        if filters.owner_uscc is not None:
            chosen = chosen.where(owner == filters.owner_uscc)
        if filters.status is not None:
            chosen = chosen.where(col(RequestRow.status) == filters.status.value)
        if filters.is_overdue is not None:
            overdue = col(RequestRow.overdue_at)
            chosen = chosen.where(overdue.is_not(None) if filters.is_overdue else overdue.is_(None))
        if before is not None:
            chosen = chosen.where(col(RequestRow.request_id) < before)
        return [_REQUESTS.read(row.content) for row in await self._session.scalars(chosen)]

    async def to_warn(self, due_before: datetime, limit: int) -> list[UUID]:
        """Return requests whose time is about to run out and of whom nobody was told so."""
        return await self._due(due_before, col(RequestRow.warned_at), limit)

    async def to_find_overdue(self, now: datetime, limit: int) -> list[UUID]:
        """Return requests whose time has run out and of whom nobody was told so."""
        return await self._due(now, col(RequestRow.overdue_at), limit)

    async def _due(self, before: datetime, told_at: Any, limit: int) -> list[UUID]:
        chosen = select(col(RequestRow.request_id)).where(col(RequestRow.due_at) < before, told_at.is_(None))
        return list(await self._session.scalars(chosen.order_by(col(RequestRow.due_at)).limit(limit)))

    async def _one(self, statement: Select[Any]) -> ShareRequest | None:
        row = (await self._session.scalars(statement)).one_or_none()
        return None if row is None else _REQUESTS.read(row.content)


def _values(request: ShareRequest) -> dict[str, Any]:
    answer = request.answer
    return {
        "requester_uscc": request.requester_uscc,
        "owner_uscc": request.owner_uscc,
        "resource": request.ask.resource,
        "status": request.status.value,
        "submitted_at": request.submitted_at,
        "answered_at": answer.at if answer else None,
        "answer_days": answer.working_days if answer else None,
        "is_late": answer.is_late if answer else None,
        "due_at": request.due_at,
        "warned_at": request.warned_at,
        "overdue_at": request.overdue_at,
        "content": _REQUESTS.write(request),
        "version": request.version,
    }
