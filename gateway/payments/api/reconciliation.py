"""Reconciliation (对账): a day's payments and refunds, as sums and as CSV."""

import csv
import io
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gateway.payments.api.dependencies import BY_AUTHORITY
from gateway.payments.domain.errors import PaymentsAuthorityOnly
from gateway.payments.store.books import BookStore, Line, Span, Sum
from shared.calendar import CHINA
from shared.security.access import requires
from shared.web.fields import CivilDate, ResponseModel
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, ServiceRoute

router = APIRouter(prefix="/payments/v1/reconciliation", route_class=ServiceRoute, tags=["payments"])

READ = requires("payments.reconciliation.read")
Day = Annotated[CivilDate, Query(examples=["2026-11-23"], description="In local time (当地日期)")]
# Spreadsheet programs calculate a cell that begins so (OWASP, CSV Injection); the provider chooses its own numbers.
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@")
COLUMNS = tuple(each.name for each in fields(Line))


class SumOut(ResponseModel):
    """How many, and how much together."""

    number: int
    amount_fen: int


class DaybookOut(ResponseModel):
    """A day's money; `refused` counts the provider's callbacks that were not taken, by reason."""

    day: date
    paid: SumOut
    refunded: SumOut
    refused: dict[str, int] = Field(examples=[{"wrong_amount": 1}])


@router.get("", summary="A day's sums (日对账)", dependencies=[READ, BY_AUTHORITY])
@refuses(PaymentsAuthorityOnly)
async def show_daybook(day: Day, uow: InTransaction) -> DaybookOut:
    """What came in and went back, to be compared with the provider's statement."""
    book = await BookStore(uow.session).daybook(day, _span(day))
    return DaybookOut(day=day, paid=_sum(book.paid), refunded=_sum(book.refunded), refused=book.refused)


@router.get(
    "/movements.csv",
    summary="A day's movements as CSV (对账明细)",
    dependencies=[READ, BY_AUTHORITY],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "One line per payment and refund"}},
)
@refuses(PaymentsAuthorityOnly)
async def show_movements(day: Day, uow: InTransaction) -> Response:
    """Every payment and refund of the day, in order; no payer."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(line) for line in await BookStore(uow.session).lines(_span(day)))
    name = f'attachment; filename="payments-{day.isoformat()}.csv"'
    return Response(written.getvalue(), media_type="text/csv", headers={"Content-Disposition": name})


def _sum(found: Sum) -> SumOut:
    return SumOut(number=found.number, amount_fen=found.amount_fen)


def _span(day: date) -> Span:
    begins = datetime.combine(day, time(), CHINA)
    return Span(begins, begins + timedelta(days=1))


def _cells(line: Line) -> list[str]:
    return [
        line.movement,
        line.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        line.payment_id,
        line.case_no,
        line.part,
        str(line.amount_fen),
        line.provider,
        f"'{line.transaction_id}"
        if line.transaction_id.startswith(_BEGINS_A_FORMULA)
        else line.transaction_id,
        line.receipt_number,
    ]
