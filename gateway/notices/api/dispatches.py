"""Dispatches (发送情况): what left, what waits, what was given up; and the outbox of a local suite."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from gateway.notices.domain.errors import NoLocalOutbox, NoticesAuthorityOnly
from gateway.notices.domain.notice import Channel, Dispatch, DispatchState
from gateway.notices.store.dispatches import DispatchFilters, DispatchStore, OutboxEntry
from shared.region import RegionPack
from shared.security.access import requires
from shared.settings import Mode
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, ServiceRoute

router = APIRouter(prefix="/notices/v1", route_class=ServiceRoute, tags=["notices"])

READ = requires("notices.dispatch.read")


async def _authority(request: Request, caller: Caller) -> None:
    region: RegionPack = request.app.state.region
    if not region.is_data_bureau(caller.agency):
        raise NoticesAuthorityOnly


async def _local(request: Request) -> None:
    if request.app.state.settings.mode is not Mode.LOCAL:
        raise NoLocalOutbox


BY_AUTHORITY = Depends(_authority)
IN_LOCAL_MODE = Depends(_local)


class DispatchOut(ResponseModel):
    """A notice on its way over one channel; neither to whom nor what."""

    notice_id: UUID
    channel: Channel
    case_no: str
    state: DispatchState
    attempts: int
    next_attempt_at: datetime | None
    last_fault: str | None = Field(examples=["ConnectTimeout"])
    ended_at: datetime | None

    @classmethod
    def of(cls, dispatch: Dispatch) -> Self:
        """Shape a dispatch."""
        waits = dispatch.state is DispatchState.PENDING
        return cls(
            notice_id=dispatch.notice_id,
            channel=dispatch.channel,
            case_no=dispatch.case_no,
            state=dispatch.state,
            attempts=dispatch.attempts,
            next_attempt_at=dispatch.next_attempt_at.astimezone(UTC) if waits else None,
            last_fault=dispatch.last_fault,
            ended_at=dispatch.ended_at.astimezone(UTC) if dispatch.ended_at else None,
        )


class OutboxEntryOut(ResponseModel):
    """A message as a provider would have got it."""

    message_key: str
    channel: Channel
    address: str
    title: str
    content: str
    sent_at: datetime

    @classmethod
    def of(cls, entry: OutboxEntry) -> Self:
        """Shape a message."""
        return cls(
            message_key=entry.message_key,
            channel=entry.channel,
            address=entry.address,
            title=entry.title,
            content=entry.content,
            sent_at=entry.sent_at.astimezone(UTC),
        )


@router.get("/dispatches", summary="How notices were sent (发送情况)", dependencies=[READ, BY_AUTHORITY])
@refuses(NoticesAuthorityOnly)
async def list_dispatches(
    paged: Paged,
    uow: InTransaction,
    response: Response,
    state: Annotated[DispatchState | None, Query()] = None,
    channel: Annotated[Channel | None, Query()] = None,
) -> Page[DispatchOut]:
    """Those of the newest notices first; `state=given_up` shows what somebody must look at."""
    before = (UUID(str(paged.after[0])), str(paged.after[1])) if paged.after else None
    found = await DispatchStore(uow.session).page(DispatchFilters(state, channel), before, paged.fetch)
    shown = [DispatchOut.of(each) for each in found]
    return paged.page(shown, lambda each: (each.notice_id, each.channel.value), response)


@router.get(
    "/outbox", summary="Messages of local mode (本地发件箱)", dependencies=[READ, BY_AUTHORITY, IN_LOCAL_MODE]
)
@refuses(NoticesAuthorityOnly, NoLocalOutbox)
async def list_outbox(paged: Paged, uow: InTransaction, response: Response) -> Page[OutboxEntryOut]:
    """The newest first; there where providers would have them."""
    after = paged.after
    before = (datetime.fromisoformat(str(after[0])), str(after[1])) if after else None
    found = await DispatchStore(uow.session).outbox(before, paged.fetch)
    shown = [OutboxEntryOut.of(each) for each in found]
    return paged.page(shown, lambda each: (each.sent_at.isoformat(), each.message_key), response)
