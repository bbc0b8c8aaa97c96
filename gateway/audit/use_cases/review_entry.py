"""Review an entry (审查): written down once, for the auditor."""

from dataclasses import dataclass
from uuid import UUID

from gateway.audit.domain.errors import EntryNotFound
from gateway.audit.domain.review import Finding, Review
from gateway.audit.store.chain import ChainStore
from gateway.audit.store.roots import ReviewStore
from gateway.audit.use_cases.authority import require_auditor
from gateway.audit.use_cases.record_look import record_look
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class ReviewEntry:
    """Which entry, and what was found."""

    review_id: UUID
    number: int
    finding: Finding
    note: str
    caller: Principal


async def review_entry(command: ReviewEntry, region: RegionPack, uow: UnitOfWork) -> Review:
    """Keep a review; that it was made goes on the chain. Raises: AuditorsOnly, EntryNotFound."""
    require_auditor(command.caller, region)
    if await ChainStore(uow.session).find(command.number) is None:
        raise EntryNotFound(command.number)
    review = Review(
        review_id=command.review_id,
        number=command.number,
        reviewer=command.caller.reference,
        finding=command.finding,
        note=command.note,
        reviewed_at=uow.now,
    )
    await ReviewStore(uow.session).add(review)
    record_look(command.caller, str(command.number), ("review",), uow)
    return review
