"""Deliveries (结果送达): one's own, parcels sent again, results handed over at a window."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from gateway.deliveries.api.dependencies import SettingsInUse
from gateway.deliveries.api.shapes import DeliveryAddress, DeliveryOut
from gateway.deliveries.clients import LOCAL, courier_name
from gateway.deliveries.domain.courier import Tracking
from gateway.deliveries.domain.delivery import Delivery, DeliveryState
from gateway.deliveries.domain.errors import (
    AddressNeeded,
    DeliveryActionNotAllowed,
    DeliveryNotFound,
    NoLocalCourier,
    NothingToHandOver,
    WindowOnly,
)
from gateway.deliveries.store.deliveries import DeliveryFilters, DeliveryStore
from gateway.deliveries.use_cases.move_delivery import hand_over_at_window, send_again, track
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import RequestModel
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/deliveries/v1", route_class=ServiceRoute, tags=["deliveries"])

READ = requires("deliveries.delivery.read")
CHOOSE = requires("deliveries.choice.submit")
HANDLE = requires("deliveries.delivery.handle")
CaseNumberText = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z-]+$")]
PickupCode = Annotated[str, StringConstraints(min_length=8, max_length=8, pattern=r"^[2-9A-Z]{8}$")]


class ReorderIn(RequestModel):
    """Where to, if the address was not right."""

    address: Annotated[
        DeliveryAddress | None,
        Field(
            examples=[{"name": "张三", "phone": "13900000001", "address": "山西省永济市城东街道示例路 1 号"}]
        ),
    ] = None


class HandOverIn(RequestModel):
    """What the person shows at the window."""

    case_no: Annotated[CaseNumberText, Field(examples=["YJS-140881-20261123-000001-H"])]
    pickup_code: Annotated[PickupCode, Field(examples=["7KQ2M9XT"])]


class LocalTrackingIn(RequestModel):
    """Where the parcel is."""

    state: Annotated[Tracking, Field(examples=["shipped"])]


@router.get("/deliveries", summary="My deliveries (我的办理结果)", dependencies=[READ])
async def list_deliveries(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> Page[DeliveryOut]:
    """The newest first, each with the certificates that came of its case."""
    before = UUID(str(paged.after[0])) if paged.after else None
    store = DeliveryStore(uow.session)
    found = await store.page(DeliveryFilters(caller.subject, state), before, paged.fetch)
    results = await store.results([each.case_id for each in found])
    shown = [DeliveryOut.of(each, results.get(each.case_id, ())) for each in found]
    return paged.page(shown, lambda each: (each.delivery_id,), response)


@router.get("/deliveries/{delivery_id}", summary="Read a delivery (办理结果)", dependencies=[READ])
@refuses(DeliveryNotFound)
async def show_delivery(
    delivery_id: UUID, caller: Caller, uow: InTransaction, response: Response
) -> DeliveryOut:
    """Of its recipient."""
    delivery = await DeliveryStore(uow.session).read(delivery_id)
    if delivery.recipient != caller.subject:
        raise DeliveryNotFound(str(delivery_id))
    return await _shown(delivery, uow, response)


@router.post(
    "/deliveries/{delivery_id}/reorder",
    summary="Send again what did not arrive (重新寄送)",
    dependencies=[CHOOSE],
)
@refuses(DeliveryNotFound, DeliveryActionNotAllowed, AddressNeeded)
async def order_again(
    delivery_id: UUID,
    body: ReorderIn,
    caller: Caller,
    read: IfMatch,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DeliveryOut:
    """By the recipient, to the same address or another."""
    address = body.address.as_address() if body.address else None
    delivery = await send_again(delivery_id, caller.subject, address, read.check, uow, now)
    return await _shown(delivery, uow, response)


@router.post("/hand-overs", summary="Hand results over at a window (窗口发放结果)", dependencies=[HANDLE])
@refuses(WindowOnly, NothingToHandOver)
async def hand_over(
    body: HandOverIn, caller: Caller, uow: InTransaction, now: Now, response: Response
) -> DeliveryOut:
    """By an officer, to whoever shows the case number and the code."""
    if caller.agency is None:
        raise WindowOnly
    delivery = await hand_over_at_window(body.case_no, body.pickup_code, uow, now)
    return await _shown(delivery, uow, response)


@router.post(
    "/deliveries/{delivery_id}/local-tracking",
    summary="Say where a parcel of the local courier is (本地寄递)",
    dependencies=[CHOOSE],
)
@refuses(DeliveryNotFound, NoLocalCourier, DeliveryActionNotAllowed)
async def track_locally(
    delivery_id: UUID,
    body: LocalTrackingIn,
    caller: Caller,
    settings: SettingsInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> DeliveryOut:
    """On a machine in local mode, where nothing is carried: the recipient says where the parcel is."""
    delivery = await _own_locally(delivery_id, caller.subject, courier_name(settings), uow)
    return await _shown(await track(delivery, body.state, uow, now), uow, response)


async def _own_locally(delivery_id: UUID, recipient: str, courier: str | None, uow: UnitOfWork) -> Delivery:
    delivery = await DeliveryStore(uow.session).read(delivery_id, lock=True)
    if delivery.recipient != recipient:
        raise DeliveryNotFound(str(delivery_id))
    if courier != LOCAL:
        raise NoLocalCourier
    return delivery


async def _shown(delivery: Delivery, uow: UnitOfWork, response: Response) -> DeliveryOut:
    results = await DeliveryStore(uow.session).results([delivery.case_id])
    set_etag(response, delivery.version)
    return DeliveryOut.of(delivery, results.get(delivery.case_id, ()))
