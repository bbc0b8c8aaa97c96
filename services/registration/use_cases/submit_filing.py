"""Submit an establishment filing for the first time; it is decided in the same call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Filing, FilingStatus
from services.registration.use_cases.decide_filing import decide_filing
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import new_uuid7


@dataclass(frozen=True)
class SubmitFiling:
    """What the applicant asks for, in which matter."""

    applicant: str
    matter_id: UUID | None
    content: Establishment


async def submit_filing(command: SubmitFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Raises: NameTaken, CodesExhausted."""
    draft = Filing(
        id=new_uuid7(),
        status=FilingStatus.DRAFT,
        version=0,
        matter_id=command.matter_id,
        applicant=command.applicant,
        content=command.content,
        results=(),
        submitted_at=now,
    )
    return await decide_filing(draft, uow, now, desk)
