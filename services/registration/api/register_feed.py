"""The register for followers: changes since a position (变更订阅), the whole of it (全量导出), its history."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from services.registration.api.enterprise_models import EnterpriseOut
from services.registration.api.enterprises import UsccPath
from services.registration.api.register_search import PUBLIC_REGISTER
from services.registration.domain.enterprise import Enterprise, EnterpriseFile
from services.registration.domain.errors import EnterpriseNotFound
from services.registration.domain.register_acts import RegisterAct
from services.registration.domain.register_errors import PositionUnknown
from services.registration.store.changes import Change, RegisterChanges, Version
from services.registration.use_cases.follow_register import Stretch, changes_after, export_begins
from services.registration.use_cases.read_past import list_versions
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.security.access import public, requires
from shared.security.masking import disclose
from shared.web.backend import backend_of
from shared.web.fields import ResponseModel, UsccField
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["register"])

READ: Final = requires("registration.enterprise.read")
POSITION_HEADER: Final = "X-Tongban-Position"
STREAM_HEADER: Final = "X-Tongban-Stream-Sequence"
_MOST_CHANGES: Final = 500
_EXPORT_PAGE: Final = 200
_FIRST_VERSION: Final = 2**31 - 1
Position = Annotated[
    int, Query(ge=0, le=2**62, description="The position up to which changes are held (位置)")
]


class ChangeOut(ResponseModel):
    """A change, and the enterprise as the register has it now: public fields only."""

    position: int
    uscc: str
    version: int
    act: RegisterAct
    at: datetime
    changed: list[str]
    enterprise: EnterpriseOut

    @classmethod
    def of(cls, change: Change, enterprise: Enterprise) -> "ChangeOut":
        """Shape a change."""
        return cls(
            position=change.position,
            uscc=change.uscc,
            version=change.version,
            act=change.act,
            at=change.at,
            changed=list(change.changed),
            enterprise=_public(enterprise),
        )


class ChangesOut(ResponseModel):
    """The next changes; go on after `position`, at once where there are more."""

    entries: list[ChangeOut]
    position: int
    has_more: bool


class VersionOut(ResponseModel):
    """A version of an enterprise: by which act it came, and the fields that were changed."""

    version: int
    act: RegisterAct
    at: datetime
    changed: list[str] = Field(examples=[["name"]])

    @classmethod
    def of(cls, found: Version) -> "VersionOut":
        """Shape a version."""
        return cls.model_validate(found, from_attributes=True)


class RegisterLines(StreamingResponse):
    """One enterprise a line."""

    media_type = "application/x-ndjson"


_LINES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            f"One enterprise a line, public fields only, as the register stood at {POSITION_HEADER}: go on with the"
            f" changes after it, or with the broker's stream after {STREAM_HEADER}, told where an export begins"
        ),
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@router.get("/changes", dependencies=[READ], summary="Changes since a position (变更数据)")
@refuses(PositionUnknown)
async def changes(
    uow: InTransaction,
    response: Response,
    after: Position = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_CHANGES, description="At most so many (条数)")] = 100,
) -> ChangesOut:
    """In the order of their positions, none of which is ever passed over; an empty answer: ask again later.

    Each comes with the enterprise as it is now, so that a follower who keeps the highest version is never wrong.
    """
    stretch = await changes_after(after, limit, uow)
    response.headers["Cache-Control"] = "no-store"
    return _out(stretch)


@router.get(
    "/export",
    dependencies=[READ],
    response_class=RegisterLines,
    responses=_LINES,
    summary="The whole register as a file (全量导出)",
)
@refuses(PositionUnknown)
async def export(
    request: Request,
    uow: InTransaction,
    after: Annotated[UsccField | None, Query(description="Go on after this code: an export cut off")] = None,
    until: Annotated[UsccField | None, Query(description="Stop before this code")] = None,
    position: Annotated[
        int | None, Query(ge=0, le=2**62, description="As the register stood there: of the export cut off")
    ] = None,
) -> RegisterLines:
    """By code, as the register stood at one position, however long it takes and whatever is changed meanwhile."""
    began = await export_begins(position, uow)
    headers = {"Cache-Control": "no-store", POSITION_HEADER: str(began.position)}
    if began.stream_sequence is not None:
        headers[STREAM_HEADER] = str(began.stream_sequence)
    transactions = backend_of(request).transactions
    return RegisterLines(_lines(began.position, after or "", until, transactions), headers=headers)


@router.get(
    "/enterprises/{uscc}/versions",
    dependencies=[public(PUBLIC_REGISTER)],
    summary="Versions of an enterprise (登记沿革)",
)
@refuses(EnterpriseNotFound)
async def versions(uscc: UsccPath, paged: Paged, uow: InTransaction, response: Response) -> Page[VersionOut]:
    """Newest first; read one by `version` or by a day with `as_of` on the enterprise."""
    before = int(paged.after[0]) if paged.after else _FIRST_VERSION
    found = await list_versions(uscc, before, paged.fetch, uow)
    return paged.page([VersionOut.of(one) for one in found], lambda one: (one.version,), response)


async def _lines(
    position: int, after: str, until: str | None, transactions: UnitOfWorkFactory
) -> AsyncIterator[bytes]:
    """Page by page, each in a short transaction of its own: a slow or absent reader holds none open."""
    last: str | None = after
    while last is not None:
        async with transactions.open() as uow:
            page = await RegisterChanges(uow.session).stood(position, last, until, _EXPORT_PAGE)
        yield "".join(_line(one) for one in page.enterprises).encode()
        await asyncio.sleep(0)  # others get their turn between two pages
        last = page.last


def _line(enterprise: Enterprise) -> str:
    return json.dumps(_public(enterprise).model_dump(mode="json"), ensure_ascii=False) + "\n"


def _public(enterprise: Enterprise) -> EnterpriseOut:
    """As everybody reads it: without people."""
    return disclose(EnterpriseOut.open(EnterpriseFile(enterprise, ())), frozenset())


def _out(stretch: Stretch) -> ChangesOut:
    return ChangesOut(
        entries=[ChangeOut.of(change, stretch.enterprises[change.uscc]) for change in stretch.changes],
        position=stretch.position,
        has_more=stretch.has_more,
    )
