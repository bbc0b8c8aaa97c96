"""Events that identity follows: who stands for an enterprise by law."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.identity.use_cases.follow_representative import RepresentativeKnown, follow_representative
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import PersonReference
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow

REPRESENTATIVE_DETERMINED: Final = "cn.tongban.registration.representative.determined.v1"


class RepresentativeDetermined(BaseModel):
    """Our copy of registration's payload: what is used here, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    uscc: str
    person_reference: str | None = None


async def on_representative_determined(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The legal representative's mandate follows the register."""
    told = RepresentativeDetermined.model_validate(event.data)
    reference = PersonReference(told.person_reference) if told.person_reference else None
    known = RepresentativeKnown(UUID(event.id), told.uscc, reference, event.time)
    await follow_representative(known, uow, now)


CONSUMERS: Final = (
    Consumer(
        follow("gateway", "registration", "representative", durable="gateway_identity"),
        {REPRESENTATIVE_DETERMINED: on_representative_determined},
    ),
)
