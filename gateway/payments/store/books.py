"""The books: callbacks as they came, and a day's payments and refunds."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from gateway.payments.domain.callbacks import REFUSING, Report, Verdict
from gateway.payments.store.tables import CallbackRow, PaymentRow, RefusedCallbackRow


@dataclass(frozen=True)
class Span:
    """A civil day as two instants, the second excluded."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Sum:
    """How many, and how much together."""

    number: int
    amount_fen: int


@dataclass(frozen=True)
class Line:
    """One movement of money: `paid` or `refunded`."""

    movement: str
    at: datetime
    payment_id: str
    case_no: str
    part: str
    amount_fen: int
    provider: str
    transaction_id: str
    receipt_number: str


@dataclass(frozen=True)
class Daybook:
    """A day's money, and what was refused that day, by reason."""

    paid: Sum
    refunded: Sum
    refused: dict[str, int]


class BookStore:
    """Rows to books."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def verdict_on(self, provider: str, message_id: str) -> Verdict | None:
        """Return what was thought of a message before; None for a new one."""
        row = await self._session.get(CallbackRow, (provider, message_id))
        return None if row is None else Verdict(row.verdict)

    async def keep(self, report: Report, verdict: Verdict, now: datetime) -> None:
        """Keep an authentic report; the first verdict on it stays."""
        statement = insert(CallbackRow).values(
            provider=report.provider,
            message_id=report.message_id,
            payment_id=report.payment_id,
            verdict=verdict.value,
            amount_fen=report.amount_fen,
            transaction_id=report.transaction_id,
            received_at=now,
        )
        await self._session.execute(statement.on_conflict_do_nothing())

    async def count_refused(self, provider: str, reason: str, day: date, now: datetime) -> None:
        """Count a message of nobody known."""
        counted = insert(RefusedCallbackRow).values(
            provider=provider, reason=reason, day=day, times=1, last_at=now
        )
        table = RefusedCallbackRow.__table__  # type: ignore[attr-defined]
        await self._session.execute(
            counted.on_conflict_do_update(
                index_elements=["provider", "reason", "day"],
                set_={"times": table.c.times + 1, "last_at": now},
            )
        )

    async def daybook(self, day: date, span: Span) -> Daybook:
        """Sum a day up."""
        paid = await self._sum(_within(col(PaymentRow.paid_at), span))
        refunded = await self._sum(_within(col(PaymentRow.refunded_at), span))
        return Daybook(paid, refunded, await self._refused(day, span))

    async def lines(self, span: Span) -> list[Line]:
        """Every movement of a day, in its order."""
        found = [
            _line(row, movement, at)
            for movement, column in (
                ("paid", col(PaymentRow.paid_at)),
                ("refunded", col(PaymentRow.refunded_at)),
            )
            for row in await self._session.scalars(select(PaymentRow).where(_within(column, span)))
            if (at := row.paid_at if movement == "paid" else row.refunded_at) is not None
        ]
        return sorted(found, key=lambda line: (line.at, line.payment_id, line.movement))

    async def _sum(self, which: ColumnElement[bool]) -> Sum:
        amounts = func.coalesce(func.sum(col(PaymentRow.amount_fen)), 0)
        number, amount = (await self._session.execute(select(func.count(), amounts).where(which))).one()
        return Sum(int(number), int(amount))

    async def _refused(self, day: date, span: Span) -> dict[str, int]:
        authentic = await self._session.execute(
            select(col(CallbackRow.verdict), func.count())
            .where(_within(col(CallbackRow.received_at), span))
            .where(col(CallbackRow.verdict).in_([each.value for each in REFUSING]))
            .group_by(col(CallbackRow.verdict))
        )
        unknown = await self._session.execute(
            select(col(RefusedCallbackRow.reason), func.sum(col(RefusedCallbackRow.times)))
            .where(col(RefusedCallbackRow.day) == day)
            .group_by(col(RefusedCallbackRow.reason))
        )
        return {reason: int(times) for reason, times in sorted([*authentic.tuples(), *unknown.tuples()])}


def _within(column: "Mapped[datetime | None] | Mapped[datetime]", span: Span) -> ColumnElement[bool]:
    return (column >= span.begins) & (column < span.ends)


def _line(row: PaymentRow, movement: str, at: datetime) -> Line:
    return Line(
        movement,
        at,
        str(row.payment_id),
        row.case_no,
        row.part,
        row.amount_fen,
        row.paid_through or "",
        row.transaction_id or "",
        row.receipt_number or "",
    )
