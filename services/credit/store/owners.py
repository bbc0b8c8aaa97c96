"""Whose enterprise it is, as far as registration's filings tell: a read model of opaque person ids."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.credit.store.tables import FilingApplicantRow
from shared.identifiers import Uscc

_filing: Final = FilingApplicantRow.__table__  # type: ignore[attr-defined]


class OwnerStore:
    """Applicants of filings and the enterprises that came of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note_applicant(self, filing_id: str, applicant: str) -> None:
        """Write down who applied."""
        await self._note(filing_id, {"applicant": applicant})

    async def note_enterprise(self, filing_id: str, uscc: Uscc) -> None:
        """Write down what came of a filing."""
        await self._note(filing_id, {"uscc": uscc})

    async def is_owner(self, uscc: Uscc, person: str) -> bool:
        """Tell whether the person applied for this enterprise."""
        query = select(_filing.c.filing_id).where(_filing.c.uscc == uscc, _filing.c.applicant == person)
        return (await self._session.execute(query.limit(1))).first() is not None

    async def _note(self, filing_id: str, fact: dict[str, str]) -> None:
        await self._session.execute(
            upsert(_filing)
            .values(filing_id=filing_id, **fact)
            .on_conflict_do_update(index_elements=["filing_id"], set_=fact)
        )
