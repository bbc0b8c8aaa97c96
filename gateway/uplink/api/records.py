"""Outbound records (上联数据): what was sent to the platforms above, what waits, what was refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.uplink.api.authority import BY_AUTHORITY
from gateway.uplink.domain.authority import UplinkAuthorityOnly
from gateway.uplink.domain.records import (
    OutboundRecord,
    RecordActionNotAllowed,
    RecordKind,
    RecordNotFound,
    RecordState,
)
from gateway.uplink.store.records import RecordFilters, RecordStore
from gateway.uplink.use_cases.retry_record import retry_record
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/uplink/v1/records", route_class=ServiceRoute, tags=["uplink"])

READ = requires("uplink.record.read")
MANAGE = requires("uplink.record.manage")


class OutboundRecordOut(ResponseModel):
    """A fact on its way to one upstream."""

    record_id: UUID
    upstream: str = Field(examples=["province"])
    kind: RecordKind
    item: str = Field(examples=["registration.filing"])
    subject: str
    content: dict[str, Any]
    occurred_at: datetime
    state: RecordState
    attempts: int = Field(description="Since it was kept, or last retried by hand")
    next_attempt_at: datetime | None
    last_fault: str | None = Field(examples=["ConnectTimeout"])
    sent_at: datetime | None
    version: int

    @classmethod
    def of(cls, record: OutboundRecord) -> Self:
        """Shape a record."""
        waits = record.state is RecordState.PENDING
        return cls(
            record_id=record.record_id,
            upstream=record.upstream,
            kind=record.fact.kind,
            item=record.fact.item,
            subject=record.fact.subject,
            content=dict(record.fact.content),
            occurred_at=record.occurred_at.astimezone(UTC),
            state=record.state,
            attempts=record.attempts,
            next_attempt_at=record.next_attempt_at.astimezone(UTC)
            if waits and record.next_attempt_at
            else None,
            last_fault=record.last_fault,
            sent_at=record.sent_at.astimezone(UTC) if record.sent_at else None,
            version=record.version,
        )


@router.get("", summary="Outbound records (上联数据)", dependencies=[READ, BY_AUTHORITY])
@refuses(UplinkAuthorityOnly)
async def list_records(
    paged: Paged,
    uow: InTransaction,
    response: Response,
    upstream: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9-]{0,31}$", max_length=32)] = None,
    state: Annotated[RecordState | None, Query()] = None,
) -> Page[OutboundRecordOut]:
    """The oldest first; `state=refused` shows what somebody must look at."""
    after = UUID(str(paged.after[0])) if paged.after else None
    found = await RecordStore(uow.session).page(RecordFilters(upstream, state), after, paged.fetch)
    shown = [OutboundRecordOut.of(record) for record in found]
    return paged.page(shown, lambda record: (record.record_id,), response)


@router.get(
    "/{record_id}", summary="Read an outbound record (查看上联数据)", dependencies=[READ, BY_AUTHORITY]
)
@refuses(UplinkAuthorityOnly, RecordNotFound)
async def read(record_id: UUID, uow: InTransaction, response: Response) -> OutboundRecordOut:
    """One record."""
    record = await RecordStore(uow.session).read(record_id)
    set_etag(response, record.version)
    return OutboundRecordOut.of(record)


@router.post(
    "/{record_id}/retry", summary="Send again at once (立即重发)", dependencies=[MANAGE, BY_AUTHORITY]
)
@refuses(UplinkAuthorityOnly, RecordNotFound, RecordActionNotAllowed)
async def retry(record_id: UUID, read: IfMatch, uow: InTransaction, response: Response) -> OutboundRecordOut:
    """For a record that was refused and whose cause was put right, or one that waits."""
    record = await retry_record(record_id, read.check, uow)
    set_etag(response, record.version)
    return OutboundRecordOut.of(record)
