"""What is filed under an enterprise's code (涉企信息归集), and what waits for one (归集异常)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.progress.api.answers import ExceptionOut, RecordOut
from gateway.progress.api.dependencies import InWords
from gateway.progress.domain.errors import ExceptionNotFound, ExceptionsForBureau, NothingFiled
from gateway.progress.domain.records import RecordType
from gateway.progress.use_cases.read_records import ReadRecords, read_records
from gateway.progress.use_cases.resolve_exception import ResolveException, list_exceptions, resolve_exception
from shared.security.access import requires
from shared.web.fields import Code, RequestModel, ShortText, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/progress/v1", route_class=ServiceRoute, tags=["records"])

RESOLVE = requires("progress.exception.manage")


class ResolutionIn(RequestModel):
    """Whose the fact is, and why."""

    uscc: UsccField
    reason: ShortText = Field(examples=["原记录末位校验码误录，经登记机关核对"])


@router.get(
    "/subjects/{uscc}/records",
    dependencies=[requires("progress.record.read")],
    summary="Read what is filed under an enterprise (企业名下信息)",
)
@refuses(NothingFiled)
async def list_records(
    uscc: UsccField,
    caller: Caller,
    wording: InWords,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    type_: Annotated[
        list[RecordType] | None, Query(alias="type", max_length=20, description="Of these types only")
    ] = None,
    purpose: Annotated[Code | None, Query(description="What an agency reads it for (用途)")] = None,
) -> Page[RecordOut]:
    """The newest first. Everybody sees what is public, the enterprise all, an agency what it may; that is recorded."""
    after = (str(paged.after[0]), str(paged.after[1])) if paged.after else None
    command = ReadRecords(uscc, caller, type_, purpose, after, paged.fetch)
    response.headers["Cache-Control"] = "no-store"
    found = [RecordOut.of(each, uscc) for each in await read_records(command, wording, uow, now)]
    return paged.page(found, lambda each: (each.at.isoformat(), str(each.event_id)), response)


@router.get(
    "/exceptions", dependencies=[RESOLVE], summary="List facts without a sound credit code (归集异常)"
)
@refuses(ExceptionsForBureau)
async def list_waiting(
    caller: Caller, wording: InWords, paged: Paged, uow: InTransaction, response: Response
) -> Page[ExceptionOut]:
    """For the data bureau, the oldest first; nothing is dropped."""
    after = UUID(str(paged.after[0])) if paged.after else None
    found = await list_exceptions(caller, after, paged.fetch, wording, uow)
    return paged.page([ExceptionOut.of(each) for each in found], lambda each: (each.event_id,), response)


@router.post(
    "/exceptions/{event_id}/resolution",
    dependencies=[RESOLVE],
    summary="File a fact under its enterprise (处理归集异常)",
)
@refuses(ExceptionsForBureau, ExceptionNotFound)
async def resolve(
    event_id: UUID, body: ResolutionIn, caller: Caller, wording: InWords, uow: InTransaction, now: Now
) -> RecordOut:
    """It stands among the enterprise's records from now on, a replay included."""
    command = ResolveException(event_id, body.uscc, body.reason, caller)
    return RecordOut.of(await resolve_exception(command, wording, uow, now), body.uscc)
