"""Gives parcels to the courier, until it takes them; asks for an address that is not there any more.

Nothing is held open while it is called. An order is offered again under its number, so that a worker that dies
anywhere orders once.
"""

from datetime import timedelta
from typing import Final

from gateway.deliveries.clients import courier_from
from gateway.deliveries.domain.choice import Choice
from gateway.deliveries.domain.courier import Courier, NotOrdered
from gateway.deliveries.domain.delivery import CourierOrder, Delivery, postpone, take_order, want_address
from gateway.deliveries.published import delivery_moved
from gateway.deliveries.store.choices import ChoiceStore
from gateway.deliveries.store.deliveries import DeliveryStore
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.outbound import outbound_client
from shared.web.signed_calls import delay_after

BATCH: Final = 50
FIRST_DELAY: Final = timedelta(seconds=10)
LONGEST_DELAY: Final = timedelta(hours=1)


class CallCourier:
    """The errand."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings

    async def __call__(self, transactions: UnitOfWorkFactory) -> int:
        """Return how many parcels were offered; without a courier they wait."""
        now = transactions.clock()

        async def due(uow: UnitOfWork) -> list[tuple[Delivery, Choice | None]]:
            choices = ChoiceStore(uow.session)
            found = await DeliveryStore(uow.session).due(now, BATCH)
            return [(delivery, await choices.find(delivery.case_id)) for delivery in found]

        async with outbound_client() as http:
            courier = courier_from(self._settings, http)
            if courier is None:
                return 0
            found = await transactions.run(due)
            for delivery, choice in found:
                await _offer(delivery, choice, courier, transactions)
        return len(found)


async def _offer(
    delivery: Delivery, choice: Choice | None, courier: Courier, transactions: UnitOfWorkFactory
) -> None:
    address = choice.address if choice is not None else None
    answer: CourierOrder | NotOrdered | None = None
    if address is not None:
        answer = await courier.order(delivery, address, transactions.clock())

    async def settle(uow: UnitOfWork) -> None:
        store = DeliveryStore(uow.session)
        locked = await store.read(delivery.delivery_id, lock=True)
        if locked.version != delivery.version:
            return  # somebody else was faster
        if isinstance(answer, NotOrdered):
            delay = delay_after(locked.errand.attempts + 1, FIRST_DELAY, LONGEST_DELAY)
            await store.save(postpone(locked, answer.fault, delay, uow.now))
            return
        moved = want_address(locked, uow.now) if answer is None else take_order(locked, answer, uow.now)
        await store.save(moved)
        uow.announce(delivery_moved(moved))

    await transactions.run(settle)
