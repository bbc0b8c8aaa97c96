"""What other services' events told: enterprises, their holders and credit grades."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from services.licensing.domain.enterprise import CreditStanding, Enterprise
from services.licensing.store.tables import CreditStandingRow, EnterpriseHolderRow, EnterpriseRow


class EnterpriseStore:
    """The enterprises known by registration's events."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, uscc: str) -> Enterprise | None:
        """Load by credit code."""
        query = select(EnterpriseRow).where(col(EnterpriseRow.uscc) == uscc)
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            return None
        values = row.model_dump(exclude={"event_id", "event_sequence"})
        return Enterprise(**values | {"scope_codes": tuple(row.scope_codes)})

    async def put(self, enterprise: Enterprise, event_id: str, sequence: int) -> None:
        """Write what an event told; a notice of its forced deregistration is told by other ones."""
        values = {
            **vars(enterprise),
            "scope_codes": list(enterprise.scope_codes),
            "event_id": event_id,
            "event_sequence": sequence,
        }
        del values["forced_exit_on"]
        await self._session.execute(
            insert(EnterpriseRow).values(**values).on_conflict_do_update(index_elements=["uscc"], set_=values)
        )

    async def note_forced_exit(self, uscc: str, on: date | None) -> None:
        """Write down until when its forced deregistration is under notice; None once it is no more."""
        await self._session.execute(
            update(EnterpriseRow).where(col(EnterpriseRow.uscc) == uscc).values(forced_exit_on=on)
        )


class HolderStore:
    """Who may act for which enterprise, by registration's establishment filings."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def holder_of(self, uscc: str) -> str | None:
        """The person that the enterprise was established for, as an opaque id."""
        query = select(EnterpriseHolderRow.applicant).where(col(EnterpriseHolderRow.uscc) == uscc)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def note_applicant(self, filing_id: str, applicant: str) -> None:
        """Write down who applied; who submits again takes the place."""
        await self._session.execute(
            insert(EnterpriseHolderRow)
            .values(filing_id=filing_id, applicant=applicant)
            .on_conflict_do_update(index_elements=["filing_id"], set_={"applicant": applicant})
        )

    async def note_enterprise(self, filing_id: str, uscc: str) -> None:
        """Write down which enterprise came of an establishment filing; other filings are not here."""
        await self._session.execute(
            update(EnterpriseHolderRow)
            .where(col(EnterpriseHolderRow.filing_id) == filing_id)
            .values(uscc=uscc)
        )


class CreditStore:
    """The grades known by credit's events."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, uscc: str) -> CreditStanding | None:
        """Load by credit code."""
        query = select(CreditStandingRow).where(col(CreditStandingRow.uscc) == uscc)
        row = (await self._session.execute(query)).scalar_one_or_none()
        if row is None:
            return None
        return CreditStanding(**row.model_dump(exclude={"event_id", "event_sequence"}))

    async def put(self, standing: CreditStanding, event_id: str, sequence: int) -> None:
        """Write what an event told."""
        values = {**vars(standing), "event_id": event_id, "event_sequence": sequence}
        await self._session.execute(
            insert(CreditStandingRow)
            .values(**values)
            .on_conflict_do_update(index_elements=["uscc"], set_=values)
        )
