"""Who reads which payment: the payer, and the data bureau, which runs the suite."""

from uuid import UUID

from gateway.payments.domain.errors import PaymentNotFound
from gateway.payments.domain.payment import Payment
from gateway.payments.store.payments import PaymentStore
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


def runs_the_suite(caller: Principal, region: RegionPack) -> bool:
    """Whether the caller works for the agency that runs the suite."""
    return region.is_data_bureau(caller.agency)


async def read_payment(payment_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Payment:
    """Raises: PaymentNotFound, also for another's."""
    payment = await PaymentStore(uow.session).read(payment_id)
    if payment.ask.payer != caller.subject and not runs_the_suite(caller, region):
        raise PaymentNotFound(str(payment_id))
    return payment
