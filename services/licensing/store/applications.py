"""Applications and their components: rows to domain values and back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select

from services.licensing.domain.application import Application, ApplicationNotFound, ApplicationStatus
from services.licensing.domain.commitment import FallbackReason, SignedCommitment
from services.licensing.domain.component import OPEN, Component, ComponentStatus, DecidedBy
from services.licensing.domain.rules import Wording
from services.licensing.store.tables import ApplicationRow, CommitmentRow, ComponentRow, CreditStandingRow
from shared.calendar import ledger_from_primitives, ledger_to_primitives
from shared.database.regions import in_region
from shared.identifiers.channel import Channel

_NEXT_SERIAL = text("SELECT nextval('application_serial')")
# Written out: with a bound value a generic plan no longer matches the partial index.
_RUNNING = text(f"status = '{ApplicationStatus.UNDER_REVIEW.value}'")


class ApplicationStore:
    """Reads and writes applications in the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next_serial(self) -> int:
        """The next serial for a case number."""
        return int((await self._session.execute(_NEXT_SERIAL)).scalar_one())

    async def add(self, application: Application) -> bool:
        """Insert; False when the enterprise has one for this industry running."""
        statement = (
            insert(ApplicationRow)
            .values(
                **asdict(application)
                | {"status": application.status.value, "channel": application.channel.value}
            )
            .on_conflict_do_nothing(
                index_elements=["uscc", "industry_code"],
                index_where=_RUNNING,
            )
            .returning(col(ApplicationRow.id))
        )
        return (await self._session.execute(statement)).scalar_one_or_none() is not None

    async def lock(self, application_id: UUID) -> Application:
        """Load for change; raises ApplicationNotFound."""
        query = select(ApplicationRow).where(col(ApplicationRow.id) == application_id)
        row = (await self._session.execute(query.with_for_update())).scalar_one_or_none()
        if row is None:
            raise ApplicationNotFound
        return _application(row)

    async def find(self, application_id: UUID) -> Application | None:
        """Load to show."""
        query = select(ApplicationRow).where(col(ApplicationRow.id) == application_id)
        row = (await self._session.execute(query)).scalar_one_or_none()
        return None if row is None else _application(row)

    async def of_applicant(
        self, applicant: str, enterprise: str | None, after: UUID | None, limit: int
    ) -> list[Application]:
        """Applications that the applicant submitted, or that are for the enterprise; by id, which is by time."""
        own = col(ApplicationRow.applicant) == applicant
        of_enterprise = col(ApplicationRow.uscc) == enterprise
        query = select(ApplicationRow).where(own if enterprise is None else own | of_enterprise)
        if after is not None:
            query = query.where(col(ApplicationRow.id) > after)
        query = query.order_by(col(ApplicationRow.id)).limit(limit)
        return [_application(row) for row in (await self._session.execute(query)).scalars()]

    async def save(self, application: Application) -> None:
        """Write what a decision changed."""
        await self._session.execute(
            update(ApplicationRow)
            .where(col(ApplicationRow.id) == application.id)
            .values(
                status=application.status.value,
                version=application.version,
                decided_at=application.decided_at,
                permit_number=application.permit_number,
            )
        )

    async def components(self, application_id: UUID) -> tuple[Component, ...]:
        """All components, in the order of the scheme; they change only under the application's lock."""
        query = (
            select(ComponentRow, CommitmentRow)
            .outerjoin(CommitmentRow, same_component())
            .where(col(ComponentRow.application_id) == application_id)
            .order_by(col(ComponentRow.place))
        )
        rows = (await self._session.execute(query)).all()
        return tuple(component_of(row, commitment) for row, commitment in rows)

    async def put_components(self, components: Sequence[Component]) -> None:
        """Insert or update components with their commitments."""
        for component in components:
            values = _values(component)
            kept = {name: value for name, value in values.items() if name not in ("application_id", "item")}
            await self._session.execute(
                insert(ComponentRow)
                .values(**values)
                .on_conflict_do_update(index_elements=["application_id", "item"], set_=kept)
            )
            if component.commitment is not None:
                await self._put_commitment(component, component.commitment)

    async def _put_commitment(self, component: Component, signed: SignedCommitment) -> None:
        await self._session.execute(
            insert(CommitmentRow)
            .values(
                application_id=component.application_id,
                item=component.item,
                notice_version=signed.notice_version,
                notice_told_at=signed.notice_told_at,
                text_zh=signed.text.zh,
                text_en=signed.text.en,
                text_digest=signed.text_digest,
                signed_by=signed.signed_by,
                signed_at=signed.signed_at,
                issued_at=signed.issued_at,
                check_due_on=signed.check_due_on,
            )
            .on_conflict_do_update(
                index_elements=["application_id", "item"],
                set_={"issued_at": signed.issued_at, "check_due_on": signed.check_due_on},
            )
        )

    async def count_by_channel(
        self, region: str | None, since: datetime | None, before: datetime | None
    ) -> dict[str, int]:
        """How many applications came in by each channel; in a region, all divisions inside included."""
        query = select(col(ApplicationRow.channel), func.count()).group_by(col(ApplicationRow.channel))
        if region is not None:
            query = query.where(in_region(col(ApplicationRow.division_code), region))
        if since is not None:
            query = query.where(col(ApplicationRow.submitted_at) >= since)
        if before is not None:
            query = query.where(col(ApplicationRow.submitted_at) < before)
        return {str(row[0]): int(row[1]) for row in await self._session.execute(query)}

    async def awaiting_credit_of(self, uscc: str) -> list[UUID]:
        """Applications of an enterprise in which a commitment waits for its grade, in a fixed order."""
        query = (
            select(col(ApplicationRow.id))
            .join(ComponentRow, col(ApplicationRow.id) == col(ComponentRow.application_id))
            .where(
                col(ApplicationRow.uscc) == uscc,
                col(ComponentRow.status) == ComponentStatus.AWAITING_CREDIT.value,
            )
            .distinct()
            .order_by(col(ApplicationRow.id))
        )
        return list((await self._session.execute(query)).scalars())

    async def lock_settleable(self, accepted_before: datetime, limit: int) -> list[UUID]:
        """Lock applications whose commitment waits though the grade is known, or since too long."""
        settleable = (
            select(col(ComponentRow.application_id))
            .join(ApplicationRow, col(ApplicationRow.id) == col(ComponentRow.application_id))
            .outerjoin(CreditStandingRow, col(CreditStandingRow.uscc) == col(ApplicationRow.uscc))
            .where(
                col(ComponentRow.status) == ComponentStatus.AWAITING_CREDIT.value,
                or_(
                    col(CreditStandingRow.uscc).is_not(None),
                    col(ComponentRow.accepted_at) <= accepted_before,
                ),
            )
        )
        return await self._lock_each(settleable, limit)

    async def lock_overdue(self, now: datetime, limit: int) -> list[UUID]:
        """Lock applications with an open component whose time has run out untold."""
        overdue = select(col(ComponentRow.application_id)).where(
            col(ComponentRow.status).in_([status.value for status in OPEN]),
            col(ComponentRow.is_overdue_told).is_(False),
            col(ComponentRow.due_at) < now,
        )
        return await self._lock_each(overdue, limit)

    async def _lock_each(self, found: Any, limit: int) -> list[UUID]:
        query = (
            select(col(ApplicationRow.id))
            .where(col(ApplicationRow.id).in_(found))
            .order_by(col(ApplicationRow.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list((await self._session.execute(query)).scalars())


def same_component() -> "ColumnElement[bool]":
    """That a commitment belongs to a component."""
    return and_(
        col(CommitmentRow.application_id) == col(ComponentRow.application_id),
        col(CommitmentRow.item) == col(ComponentRow.item),
    )


def _application(row: ApplicationRow) -> Application:
    kept = {"status": ApplicationStatus(row.status), "channel": Channel(row.channel)}
    return Application(**row.model_dump() | kept)


def _values(component: Component) -> dict[str, object]:
    reason = component.reason
    return {
        "application_id": component.application_id,
        "item": component.item,
        "place": component.place,
        "agency_uscc": component.agency_uscc,
        "needs": list(component.needs),
        "status": component.status.value,
        "accepted_at": component.accepted_at,
        "ledger": ledger_to_primitives(component.ledger),
        "due_at": component.due_at,
        "fallback": component.fallback,
        "decided_at": component.decided_at,
        "decided_by": component.decided_by,
        "reason_zh": reason.zh if reason else None,
        "reason_en": reason.en if reason else None,
        "is_overdue_told": component.is_overdue_told,
        "deciding_uscc": component.deciding_uscc,
    }


def component_of(row: ComponentRow, commitment: CommitmentRow | None) -> Component:
    """Read a component with its commitment."""
    return Component(
        application_id=row.application_id,
        item=row.item,
        place=row.place,
        agency_uscc=row.agency_uscc,
        needs=tuple(row.needs),
        status=ComponentStatus(row.status),
        accepted_at=row.accepted_at,
        ledger=ledger_from_primitives(row.ledger),
        due_at=row.due_at,
        commitment=None if commitment is None else _signed(commitment),
        fallback=FallbackReason(row.fallback) if row.fallback else None,
        decided_at=row.decided_at,
        decided_by=DecidedBy(row.decided_by) if row.decided_by else None,
        reason=Wording(row.reason_zh, row.reason_en or row.reason_zh) if row.reason_zh else None,
        is_overdue_told=row.is_overdue_told,
        deciding_uscc=row.deciding_uscc,
    )


def _signed(row: CommitmentRow) -> SignedCommitment:
    return SignedCommitment(
        notice_version=row.notice_version,
        notice_told_at=row.notice_told_at,
        text=Wording(row.text_zh, row.text_en),
        text_digest=row.text_digest,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        issued_at=row.issued_at,
        check_due_on=row.check_due_on,
    )
