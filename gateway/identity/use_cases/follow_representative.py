"""The register says who stands for an enterprise by law: that person's mandate begins, the one before ends."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.mandates import MandateAction, by_law, end
from gateway.identity.store.mandates import MandateStore
from gateway.identity.use_cases.telling_of_mandates import tell, tell_end
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import PersonReference

REGISTRATION = "registration"


@dataclass(frozen=True)
class RepresentativeKnown:
    """What the event said: the enterprise, the person by reference or nobody, when; its id names the mandate."""

    event_id: UUID
    uscc: str
    reference: PersonReference | None
    at: datetime


async def follow_representative(told: RepresentativeKnown, uow: UnitOfWork, now: datetime) -> None:
    """What the former representative delegated in the enterprise's name is the enterprise's, and stays."""
    store = MandateStore(uow.session)
    before = await store.lock_representative(told.uscc)
    if before is not None and before.agent_reference == told.reference:
        return
    if before is not None:
        ended = end(
            before, MandateAction.WITHDRAW, by=REGISTRATION, because="representative_changed", now=now
        )
        await store.save(ended)
        await tell_end(ended, None, uow, now)
    if told.reference is not None:
        mandate = by_law(told.event_id, told.uscc, told.reference, said_by=REGISTRATION, at=told.at)
        await store.add(mandate)
        tell(mandate, "determined", None, uow, now)
