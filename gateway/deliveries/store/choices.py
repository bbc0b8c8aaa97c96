"""Choices and addresses to rows and back."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.deliveries.domain.choice import Address, Choice, DeliveryMethod
from gateway.deliveries.store.tables import AddressRow, ChoiceRow, DeliveryRow


class ChoiceStore:
    """Rows to choices and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, case_id: str, *, lock: bool = False) -> Choice | None:
        """Return what was chosen for a case, for change if asked."""
        chosen = select(ChoiceRow).where(col(ChoiceRow.case_id) == case_id)
        chosen = chosen.execution_options(populate_existing=True)
        row = await self._session.scalar(chosen.with_for_update() if lock else chosen)
        if row is None:
            return None
        where = await self._session.get(AddressRow, case_id, populate_existing=True)
        address = Address(where.name, where.phone, where.address) if where else None
        return Choice(
            row.case_id,
            row.case_no,
            row.recipient,
            DeliveryMethod(row.method),
            row.chosen_at,
            address,
            row.version,
        )

    async def save(self, choice: Choice) -> None:
        """Keep a choice in the place of the one before, with its address or without one."""
        values = {
            "case_no": choice.case_no,
            "recipient": choice.recipient,
            "method": choice.method.value,
            "chosen_at": choice.chosen_at,
            "version": choice.version,
        }
        kept = insert(ChoiceRow).values(case_id=choice.case_id, **values)
        await self._session.execute(kept.on_conflict_do_update(index_elements=["case_id"], set_=values))
        await self.forget_address(choice.case_id)
        if choice.address is not None:
            where = choice.address
            await self._session.execute(
                insert(AddressRow).values(
                    case_id=choice.case_id, name=where.name, phone=where.phone, address=where.address
                )
            )

    async def offer(self, choice: Choice) -> None:
        """Keep a choice that nobody made, where there is none."""
        await self._session.execute(
            insert(ChoiceRow)
            .values(
                case_id=choice.case_id,
                case_no=choice.case_no,
                recipient=choice.recipient,
                method=choice.method.value,
                chosen_at=choice.chosen_at,
                version=choice.version,
            )
            .on_conflict_do_nothing()
        )

    async def forget_address(self, case_id: str) -> None:
        """Delete where a parcel would have gone."""
        await self._session.execute(delete(AddressRow).where(col(AddressRow.case_id) == case_id))

    async def purge_addresses(self, ended_before: datetime) -> int:
        """Delete the addresses of deliveries that ended before then; returns how many."""
        over = select(col(DeliveryRow.case_id)).where(col(DeliveryRow.ended_at) < ended_before)
        gone = await self._session.scalars(
            delete(AddressRow)
            .where(col(AddressRow.case_id).in_(over))
            .returning(col(AddressRow.case_id))
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())
