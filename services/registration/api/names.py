"""Names (企业名称): checked, reserved, given back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from services.registration.api.dependencies import Desk
from services.registration.api.name_models import NameCheckOut, NameText, ReservationIn, ReservationOut
from services.registration.domain.errors import EnterpriseNotFound, NameTaken, NotTheOwner
from services.registration.domain.name_errors import (
    NameUnfit,
    ReservationActionNotAllowed,
    ReservationNotFound,
    TooManyReserved,
)
from services.registration.store.name_reservations import ReservationStore
from services.registration.use_cases.check_name import check_name
from services.registration.use_cases.reserve_name import ReserveName, release_name, reserve_name
from shared.security.access import public, requires
from shared.security.deciding import NotEmpowered
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/names", route_class=ServiceRoute, tags=["names"])

SUBMIT = requires("registration.filing.submit")
READ = requires("registration.filing.read")
ReservationId = Annotated[UUID, Path(description="Id of the reservation (名称保留编号)")]


@router.get("/check", dependencies=[public("anyone may ask for a name")], summary="Check a name (名称查重)")
async def check(name: Annotated[NameText, Query()], uow: InTransaction, now: Now, desk: Desk) -> NameCheckOut:
    """Says at once whether the name is free and what resembles it, not whose it is; takes no claim."""
    checked = await check_name(name, uow, now, desk.policy)
    return NameCheckOut.of(name, checked, desk.policy.names.likeness)


@router.post("/reservations", status_code=201, dependencies=[SUBMIT], summary="Reserve a name (名称申报保留)")
@refuses(NameTaken, NameUnfit, TooManyReserved, EnterpriseNotFound, NotTheOwner, NotEmpowered)
async def reserve(
    body: ReservationIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> ReservationOut:
    """Two months, a year where a permit comes first; a filing uses it by `name_reservation_id`."""
    made = await reserve_name(ReserveName(caller, body.wish(), body.on_behalf_of), uow, now, desk)
    response.headers["Location"] = f"/registration/v1/names/reservations/{made.id}"
    set_etag(response, made.version)
    return ReservationOut.of(made)


@router.get("/reservations", dependencies=[READ], summary="List one's reservations (我的名称保留)")
async def list_own(
    caller: Caller, paged: Paged, uow: InTransaction, response: Response
) -> Page[ReservationOut]:
    """Newest first."""
    response.headers["Cache-Control"] = "no-store"
    after = (datetime.fromisoformat(paged.after[0]), UUID(paged.after[1])) if paged.after else None
    rows = await ReservationStore(uow.session).of_applicant(caller.subject, after, paged.fetch)
    shown = [ReservationOut.of(row) for row in rows]
    return paged.page(shown, lambda one: (one.reserved_at.isoformat(), str(one.id)), response)


@router.get(
    "/reservations/{reservation_id}", dependencies=[READ], summary="Read a reservation (查看名称保留)"
)
@refuses(ReservationNotFound)
async def read(
    reservation_id: ReservationId, caller: Caller, uow: InTransaction, response: Response
) -> ReservationOut:
    """For whoever reserved it, and the counter where that was done."""
    response.headers["Cache-Control"] = "no-store"
    one = await ReservationStore(uow.session).find(reservation_id)
    is_counter = one.counter_uscc is not None and one.counter_uscc == caller.agency
    if one.applicant != caller.subject and not is_counter:
        raise ReservationNotFound
    set_etag(response, one.version)
    return ReservationOut.of(one)


@router.post(
    "/reservations/{reservation_id}/release",
    dependencies=[SUBMIT],
    summary="Give a reserved name back (放弃名称保留)",
)
@refuses(ReservationNotFound, ReservationActionNotAllowed)
async def release(
    reservation_id: ReservationId, caller: Caller, uow: InTransaction, response: Response
) -> ReservationOut:
    """The name is free at once."""
    released = await release_name(reservation_id, caller.subject, uow)
    set_etag(response, released.version)
    return ReservationOut.of(released)
