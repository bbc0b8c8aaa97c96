"""Payments to rows and back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.payments.domain.errors import PaymentNotFound
from gateway.payments.domain.payment import (
    Errand,
    Payment,
    PaymentAsk,
    PaymentState,
    ProviderOrder,
    Settlement,
)
from gateway.payments.store.tables import PaymentRow, ReceiptSerialRow


@dataclass(frozen=True)
class PaymentFilters:
    """Which payments are asked for; what is None does not narrow."""

    payer: str | None = None
    state: PaymentState | None = None
    case_id: str | None = None


class PaymentStore:
    """Rows to payments and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, payment: Payment) -> bool:
        """Keep a new payment; False where it is there already."""
        statement = insert(PaymentRow).values(payment_id=payment.payment_id, **_values(payment))
        added = await self._session.scalar(
            statement.on_conflict_do_nothing(index_elements=["payment_id"]).returning(
                col(PaymentRow.payment_id)
            )
        )
        return added is not None

    async def save(self, payment: Payment) -> None:
        """Keep what became of a payment that was locked."""
        await self._session.execute(
            update(PaymentRow)
            .where(col(PaymentRow.payment_id) == payment.payment_id)
            .values(_values(payment))
            .execution_options(synchronize_session=False)
        )

    async def find(self, payment_id: UUID, *, lock: bool = False) -> Payment | None:
        """Return a payment, for change if asked."""
        chosen = select(PaymentRow).where(col(PaymentRow.payment_id) == payment_id)
        found = await self._all(chosen.with_for_update() if lock else chosen)
        return found[0] if found else None

    async def read(self, payment_id: UUID, *, lock: bool = False) -> Payment:
        """Raises: PaymentNotFound."""
        payment = await self.find(payment_id, lock=lock)
        if payment is None:
            raise PaymentNotFound(str(payment_id))
        return payment

    async def lock_of_case(self, case_id: str) -> list[Payment]:
        """Load all payments of a case for change."""
        chosen = select(PaymentRow).where(col(PaymentRow.case_id) == case_id)
        return await self._all(chosen.order_by(col(PaymentRow.payment_id)).with_for_update())

    async def page(self, filters: PaymentFilters, before: UUID | None, limit: int) -> list[Payment]:
        """Return a page of payments; ids say nothing of time, so the order is only a stable one."""
        chosen = select(PaymentRow).order_by(col(PaymentRow.payment_id).desc()).limit(limit)
        if filters.payer is not None:
            chosen = chosen.where(col(PaymentRow.payer) == filters.payer)
        if filters.state is not None:
            chosen = chosen.where(col(PaymentRow.state) == filters.state.value)
        if filters.case_id is not None:
            chosen = chosen.where(col(PaymentRow.case_id) == filters.case_id)
        if before is not None:
            chosen = chosen.where(col(PaymentRow.payment_id) < before)
        return await self._all(chosen)

    async def due(self, now: datetime, limit: int) -> list[Payment]:
        """Return payments of which the provider has to be told something by now."""
        chosen = (
            select(PaymentRow)
            .where(col(PaymentRow.next_attempt_at) <= now)
            .order_by(col(PaymentRow.next_attempt_at))
            .limit(limit)
        )
        return await self._all(chosen)

    async def next_receipt_serial(self, day: date) -> int:
        """Count the receipts of a day, without gaps: the number is given back with its transaction."""
        last = ReceiptSerialRow.__table__.c.last  # type: ignore[attr-defined]
        counted = insert(ReceiptSerialRow).values(day=day, last=1)
        counted = counted.on_conflict_do_update(index_elements=["day"], set_={"last": last + 1})
        result = await self._session.execute(counted.returning(col(ReceiptSerialRow.last)))
        return result.scalar_one()

    async def _all(self, query: "Select[PaymentRow]") -> list[Payment]:
        rows = await self._session.scalars(query.execution_options(populate_existing=True))
        return [_payment(row) for row in rows]


def _values(payment: Payment) -> dict[str, Any]:
    ask, order, settlement, errand = payment.ask, payment.order, payment.settlement, payment.errand
    return {
        "case_id": ask.case_id,
        "case_no": ask.case_no,
        "part": ask.part,
        "payer": ask.payer,
        "title_zh": ask.title_zh,
        "title_en": ask.title_en,
        "amount_fen": ask.amount_fen,
        "basis": ask.basis,
        "state": payment.state.value,
        "asked_at": payment.asked_at,
        "provider": order.provider if order else None,
        "order_reference": order.reference if order else None,
        "pay_url": order.pay_url if order else None,
        "order_closed_at": order.closed_at if order else None,
        "paid_through": settlement.provider if settlement else None,
        "transaction_id": settlement.transaction_id if settlement else None,
        "paid_at": settlement.paid_at if settlement else None,
        "receipt_number": settlement.receipt_number if settlement else None,
        "ended_because": payment.ended_because,
        "refunded_at": payment.refunded_at,
        "next_attempt_at": errand.next_attempt_at,
        "attempts": errand.attempts,
        "last_fault": errand.last_fault,
        "version": payment.version,
    }


def _payment(row: PaymentRow) -> Payment:
    order, settlement = None, None
    if row.provider is not None and row.order_reference is not None:
        order = ProviderOrder(row.provider, row.order_reference, row.pay_url, row.order_closed_at)
    if row.transaction_id is not None and row.paid_at is not None and row.receipt_number is not None:
        settlement = Settlement(row.paid_through or "", row.transaction_id, row.paid_at, row.receipt_number)
    return Payment(
        ask=PaymentAsk(
            payment_id=row.payment_id,
            case_id=row.case_id,
            case_no=row.case_no,
            part=row.part,
            payer=row.payer,
            title_zh=row.title_zh,
            title_en=row.title_en,
            amount_fen=row.amount_fen,
            basis=row.basis,
        ),
        asked_at=row.asked_at,
        state=PaymentState(row.state),
        order=order,
        settlement=settlement,
        ended_because=row.ended_because,
        refunded_at=row.refunded_at,
        errand=Errand(row.next_attempt_at, row.attempts, row.last_fault),
        version=row.version,
    )
