"""Moves deliveries on: as a courier reports, as an officer hands over, as a person asks once more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.deliveries.domain.choice import Address
from gateway.deliveries.domain.courier import ACTIONS, Report, Tracking, Verdict
from gateway.deliveries.domain.delivery import TRANSITIONS, Delivery, DeliveryState, hand_over, move, reorder
from gateway.deliveries.domain.errors import (
    AddressNeeded,
    DeliveryNotFound,
    NothingToHandOver,
    OrderNotSettled,
)
from gateway.deliveries.published import delivery_moved
from gateway.deliveries.store.choices import ChoiceStore
from gateway.deliveries.store.deliveries import DeliveryStore
from shared.database.unit_of_work import UnitOfWork


async def take_report(report: Report, uow: UnitOfWork, now: datetime) -> Verdict:
    """Take in what a courier reports; what is late, repeated or about an earlier trip changes nothing.

    Raises: DeliveryNotFound; OrderNotSettled for one that comes before the answer to the order was taken in.
    """
    store = DeliveryStore(uow.session)
    delivery = await store.read(report.delivery_id, lock=True)
    if delivery.state is DeliveryState.PREPARED and report.trip == delivery.trip:
        raise OrderNotSettled(str(delivery.delivery_id))
    if not await store.keep_callback(report, now):
        return Verdict.UNCHANGED
    is_possible = (delivery.state, ACTIONS[report.tracking]) in TRANSITIONS
    if report.trip != delivery.trip or not is_possible:
        return Verdict.UNCHANGED
    await track(delivery, report.tracking, uow, now)
    return Verdict.TAKEN


async def track(delivery: Delivery, tracking: Tracking, uow: UnitOfWork, now: datetime) -> Delivery:
    """Move a locked delivery on. Raises: DeliveryActionNotAllowed."""
    return await _keep(move(delivery, ACTIONS[tracking], now), uow)


async def hand_over_at_window(case_no: str, pickup_code: str, uow: UnitOfWork, now: datetime) -> Delivery:
    """Raises: NothingToHandOver, whatever of number and code is wrong."""
    delivery = await DeliveryStore(uow.session).lock_at_window(case_no, pickup_code)
    if delivery is None:
        raise NothingToHandOver
    return await _keep(hand_over(delivery, now), uow)


async def send_again(
    delivery_id: UUID,
    recipient: str,
    address: Address | None,
    check_version: Callable[[int], None],
    uow: UnitOfWork,
    now: datetime,
) -> Delivery:
    """Send what did not arrive again, to another address if one is given.

    Raises: DeliveryNotFound, also for another's; DeliveryActionNotAllowed; AddressNeeded where none is kept.
    """
    delivery = await DeliveryStore(uow.session).read(delivery_id, lock=True)
    if delivery.recipient != recipient:
        raise DeliveryNotFound(str(delivery_id))
    check_version(delivery.version)
    again = reorder(delivery, now)
    choices = ChoiceStore(uow.session)
    choice = await choices.find(delivery.case_id, lock=True)
    if address is None and (choice is None or choice.address is None):
        raise AddressNeeded
    if address is not None and choice is not None:
        await choices.save(replace(choice, address=address, version=choice.version + 1))
    return await _keep(again, uow)


async def _keep(delivery: Delivery, uow: UnitOfWork) -> Delivery:
    await DeliveryStore(uow.session).save(delivery)
    uow.announce(delivery_moved(delivery))
    return delivery
