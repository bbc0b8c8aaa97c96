"""What cases mean for deliveries: one that begins may choose, one that ends well is delivered, others forget."""

from dataclasses import dataclass
from datetime import datetime

from gateway.deliveries.domain.choice import DeliveryMethod, choose
from gateway.deliveries.domain.delivery import make
from gateway.deliveries.domain.pickup_codes import new_pickup_code
from gateway.deliveries.domain.results import Result
from gateway.deliveries.published import delivery_moved
from gateway.deliveries.store.choices import ChoiceStore
from gateway.deliveries.store.deliveries import DeliveryStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7


@dataclass(frozen=True)
class CaseHeard:
    """A case as an event tells of it; without an applicant nobody can be sent anything."""

    case_id: str
    case_no: str | None
    applicant: str | None


async def offer_choice(case: CaseHeard, uow: UnitOfWork, now: datetime) -> None:
    """Whoever said nothing gets electronic certificates, and may choose otherwise until the case ends."""
    if case.applicant is not None:
        choice = choose(
            case.case_id,
            case.case_no or case.case_id,
            case.applicant,
            DeliveryMethod.ELECTRONIC,
            None,
            now,
        )
        await ChoiceStore(uow.session).offer(choice)


async def deliver_results(case: CaseHeard, uow: UnitOfWork, now: datetime) -> None:
    """Begin the delivery of a case that ended well; once, however often it is told."""
    await offer_choice(case, uow, now)
    choice = await ChoiceStore(uow.session).find(case.case_id, lock=True)
    if choice is None:
        return
    delivery = make(new_uuid7(), choice, new_pickup_code(), now)
    if await DeliveryStore(uow.session).add(delivery):
        uow.announce(delivery_moved(delivery))


async def forget_address(case_id: str, uow: UnitOfWork) -> None:
    """A case that ended without result needs no address."""
    await ChoiceStore(uow.session).forget_address(case_id)


async def keep_result(case_id: str, result: Result, uow: UnitOfWork) -> None:
    """Keep a certificate that came of a case."""
    await DeliveryStore(uow.session).add_result(case_id, result)
