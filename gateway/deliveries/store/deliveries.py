"""Deliveries and results to rows and back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.deliveries.domain.choice import DeliveryMethod
from gateway.deliveries.domain.courier import Report
from gateway.deliveries.domain.delivery import CourierOrder, Delivery, DeliveryState, Errand
from gateway.deliveries.domain.errors import DeliveryNotFound
from gateway.deliveries.domain.results import Result, ResultKind
from gateway.deliveries.store.tables import CallbackRow, DeliveryRow, ResultRow


@dataclass(frozen=True)
class DeliveryFilters:
    """Which deliveries are asked for; what is None does not narrow."""

    recipient: str | None = None
    state: DeliveryState | None = None


class DeliveryStore:
    """Rows to deliveries and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, delivery: Delivery) -> bool:
        """Keep a new delivery; False where the case has one already."""
        statement = insert(DeliveryRow).values(_values(delivery))
        added = await self._session.scalar(
            statement.on_conflict_do_nothing(index_elements=["case_id"]).returning(
                col(DeliveryRow.delivery_id)
            )
        )
        return added is not None

    async def save(self, delivery: Delivery) -> None:
        """Keep what became of a delivery that was locked."""
        await self._session.execute(
            update(DeliveryRow)
            .where(col(DeliveryRow.delivery_id) == delivery.delivery_id)
            .values(_values(delivery))
            .execution_options(synchronize_session=False)
        )

    async def read(self, delivery_id: UUID, *, lock: bool = False) -> Delivery:
        """Return a delivery, for change if asked. Raises: DeliveryNotFound."""
        found = await self._all(
            select(DeliveryRow).where(col(DeliveryRow.delivery_id) == delivery_id), lock=lock
        )
        if not found:
            raise DeliveryNotFound(str(delivery_id))
        return found[0]

    async def of_case(self, case_id: str) -> Delivery | None:
        """Return the delivery of a case."""
        found = await self._all(select(DeliveryRow).where(col(DeliveryRow.case_id) == case_id))
        return found[0] if found else None

    async def lock_at_window(self, case_no: str, pickup_code: str) -> Delivery | None:
        """Load what waits at the window under a code, for change."""
        chosen = select(DeliveryRow).where(
            col(DeliveryRow.case_no) == case_no,
            col(DeliveryRow.pickup_code) == pickup_code,
            col(DeliveryRow.state) == DeliveryState.PREPARED.value,
        )
        found = await self._all(chosen, lock=True)
        return found[0] if found else None

    async def page(self, filters: DeliveryFilters, before: UUID | None, limit: int) -> list[Delivery]:
        """Return a page of deliveries, the newest first."""
        chosen = select(DeliveryRow).order_by(col(DeliveryRow.delivery_id).desc()).limit(limit)
        if filters.recipient is not None:
            chosen = chosen.where(col(DeliveryRow.recipient) == filters.recipient)
        if filters.state is not None:
            chosen = chosen.where(col(DeliveryRow.state) == filters.state.value)
        if before is not None:
            chosen = chosen.where(col(DeliveryRow.delivery_id) < before)
        return await self._all(chosen)

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Return deliveries that a courier is to be given by now."""
        chosen = select(DeliveryRow).where(col(DeliveryRow.next_attempt_at) <= now)
        return await self._all(chosen.order_by(col(DeliveryRow.next_attempt_at)).limit(limit))

    async def keep_callback(self, report: Report, now: datetime) -> bool:
        """Keep an authentic report; False for one that was here before."""
        statement = insert(CallbackRow).values(
            courier=report.courier,
            message_id=report.message_id,
            delivery_id=report.delivery_id,
            received_at=now,
        )
        kept = await self._session.scalar(
            statement.on_conflict_do_nothing().returning(col(CallbackRow.message_id))
        )
        return kept is not None

    async def add_result(self, case_id: str, result: Result) -> None:
        """Keep a certificate that came of a case."""
        await self._session.execute(
            insert(ResultRow)
            .values(
                case_id=case_id,
                identifier=result.identifier,
                kind=result.kind.value,
                document_path=result.document_path,
                verify_path=result.verify_path,
            )
            .on_conflict_do_nothing()
        )

    async def results(self, case_ids: list[str]) -> dict[str, list[Result]]:
        """Return the certificates of several cases."""
        found: dict[str, list[Result]] = {}
        rows = await self._session.scalars(
            select(ResultRow)
            .where(col(ResultRow.case_id).in_(case_ids))
            .order_by(col(ResultRow.kind), col(ResultRow.identifier))
        )
        for row in rows:
            result = Result(ResultKind(row.kind), row.identifier, row.document_path, row.verify_path)
            found.setdefault(row.case_id, []).append(result)
        return found

    async def _all(self, query: "Select[DeliveryRow]", *, lock: bool = False) -> list[Delivery]:
        query = query.with_for_update() if lock else query
        rows = await self._session.scalars(query.execution_options(populate_existing=True))
        return [_delivery(row) for row in rows]


def _values(delivery: Delivery) -> dict[str, Any]:
    order, errand = delivery.order, delivery.errand
    return {
        "delivery_id": delivery.delivery_id,
        "case_id": delivery.case_id,
        "case_no": delivery.case_no,
        "recipient": delivery.recipient,
        "method": delivery.method.value,
        "state": delivery.state.value,
        "made_at": delivery.made_at,
        "courier": order.courier if order else None,
        "order_reference": order.reference if order else None,
        "tracking_number": order.tracking_number if order else None,
        "pickup_code": delivery.pickup_code,
        "ended_at": delivery.ended_at,
        "trip": delivery.trip,
        "next_attempt_at": errand.next_attempt_at,
        "attempts": errand.attempts,
        "last_fault": errand.last_fault,
        "version": delivery.version,
    }


def _delivery(row: DeliveryRow) -> Delivery:
    order = None
    if row.courier is not None and row.order_reference is not None and row.tracking_number is not None:
        order = CourierOrder(row.courier, row.order_reference, row.tracking_number)
    return Delivery(
        delivery_id=row.delivery_id,
        case_id=row.case_id,
        case_no=row.case_no,
        recipient=row.recipient,
        method=DeliveryMethod(row.method),
        state=DeliveryState(row.state),
        made_at=row.made_at,
        order=order,
        pickup_code=row.pickup_code,
        ended_at=row.ended_at,
        trip=row.trip,
        errand=Errand(row.next_attempt_at, row.attempts, row.last_fault),
        version=row.version,
    )
