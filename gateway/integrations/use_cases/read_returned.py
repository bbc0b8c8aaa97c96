"""Read records that are managed above and came back to their region; each reading is recorded."""

from typing import Final
from uuid import UUID

from gateway.integrations.domain.contract import Contracts
from gateway.integrations.store.received import Received, ReceivedStore
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement, EventType
from shared.region import Agency
from shared.security.principal import Principal

ACCESS: Final = EventType("gateway", "access", "recorded")
RESOURCE: Final = "integrations.returned_record"


async def read_returned(
    agency: Agency,
    caller: Principal,
    contracts: Contracts,
    before: UUID | None,
    limit: int,
    uow: UnitOfWork,
) -> list[Received]:
    """Return what came back to the agency's region, of the kinds that are open to it, the newest first."""
    types = [each.type for each in contracts.open_to(agency.key)]
    found = await ReceivedStore(uow.session).returned(types, agency.division, before, limit)
    for received in found:
        key = str(received.received_id)
        payload = AccessRecorded.of(
            caller, resource=RESOURCE, record_key=key, fields=sorted(received.event.data), at=uow.now
        )
        uow.announce(Announcement(ACCESS, key, payload))
    return found
