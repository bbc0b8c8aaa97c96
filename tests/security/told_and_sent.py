"""A payment, a delivery and a notice of Ann's, for the doors behind which they stand."""

from uuid import UUID

from gateway.deliveries.public import DeliveryChoice, DeliveryMethod, choose_delivery
from gateway.payments.public import PaymentAsk, ask_payment
from shared.database.unit_of_work import UnitOfWork
from tests.support.service import ServiceUnderTest

PAYMENT = UUID("01900000-0000-7000-8000-0000000000b1")
DELIVERY = UUID("01900000-0000-7000-8000-0000000000b2")
NOTICE = UUID("01900000-0000-7000-8000-0000000000b3")
CASE = "01900000-0000-7000-8000-0000000000b4"


async def payment_delivery_and_notice(service: ServiceUnderTest) -> dict[str, str]:
    """Make them as the parts that own them would."""

    async def begin(uow: UnitOfWork) -> None:
        ask = PaymentAsk(PAYMENT, CASE, "YJS-1", "lab", "ann", "检验费", "Test fee", 100, "收费目录")
        await ask_payment(ask, uow, uow.now)
        choice = DeliveryChoice(method=DeliveryMethod.ELECTRONIC)
        await choose_delivery(CASE, "YJS-1", "ann", choice, uow, uow.now)

    await service.app.state.backend.transactions.run(begin)
    await service.rows_changed(
        "INSERT INTO delivery (delivery_id, case_id, case_no, recipient, method, state, made_at, ended_at, version)"
        " VALUES (:id, 'another', 'YJS-2', 'ann', 'electronic', 'delivered', now(), now(), 1)",
        id=DELIVERY,
    )
    await service.rows_changed(
        "INSERT INTO notice (notice_id, event_id, recipient, template, kind, case_no, language, title, content, path,"
        " written_at) VALUES (:id, 'e', 'ann', 't', 'matter', 'YJS-1', 'zh', '已受理', '已受理', '/my/cases', now())",
        id=NOTICE,
    )
    return {
        "payment_id": str(PAYMENT),
        "delivery_id": str(DELIVERY),
        "notice_id": str(NOTICE),
        "case_id": CASE,
    }
