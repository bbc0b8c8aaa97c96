"""Take in an event of a system outside: checked, kept once, told on in the same transaction."""

from dataclasses import dataclass
from typing import Final

from gateway.integrations.domain.contract import Contracts, SentEvent, System
from gateway.integrations.domain.errors import (
    AnotherEventOfThisId,
    EventNotAccepted,
    EventNotInContract,
    NotYourSystem,
)
from gateway.integrations.domain.outside_event import OutsideEvent, faults_of
from gateway.integrations.published import ExternalReceived, external_received
from gateway.integrations.store.received import Received, ReceivedStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import Agency, RegionPack
from shared.security.principal import Principal
from shared.web.problems import FieldFault

BY_API: Final = "api"


@dataclass(frozen=True)
class Taken:
    """Whether the event is new; one that came before has no second effect."""

    received: Received
    is_new: bool


def require_sender(system: System, caller: Principal, region: RegionPack) -> Agency:
    """Return the agency that answers for the system here. Raises: NotYourSystem for anybody else."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None or agency.key != system.agency:
        raise NotYourSystem(system.key)
    return agency


async def take_in_event(
    event: OutsideEvent,
    caller: Principal,
    contracts: Contracts,
    region: RegionPack,
    uow: UnitOfWork,
    *,
    came_by: str = BY_API,
) -> Taken:
    """Raises: EventNotInContract, NotYourSystem, EventNotAccepted, AnotherEventOfThisId."""
    contract = contracts.event(event.type)
    if contract is None:
        raise EventNotInContract(event.type)
    system = contracts.system(contract.system)
    if system is None:
        raise EventNotInContract(event.type)
    sender = require_sender(system, caller, region)
    faults = faults_of(event, contract)
    if faults:
        raise EventNotAccepted(
            tuple(
                FieldFault(each.pointer, each.code, f"应为：{each.expected}", each.expected)
                for each in faults
            )
        )
    store = ReceivedStore(uow.session)
    received = Received(new_uuid7(), system.key, event, came_by, caller.reference, uow.now)
    if not await store.add(received):
        if await store.digest_of(system.key, event.id) != event.digest():
            raise AnotherEventOfThisId(event.id)
        return Taken(received, is_new=False)
    uow.announce(
        external_received(
            ExternalReceived(
                system=system.key,
                external_id=event.id,
                type=event.type,
                subject=event.subject,
                occurred_at=event.time,
                sender_uscc=sender.uscc,
                source=came_by,
                data=dict(event.data),
                audience=_audience(contract, event, region),
            )
        )
    )
    return Taken(received, is_new=True)


def _audience(contract: SentEvent, event: OutsideEvent, region: RegionPack) -> list[str]:
    """Who may follow it; a record that came back to a region is for that region's agencies alone."""
    agencies = [agency for agency in region.agencies if contract.is_open_to(agency.key)]
    if event.origin_region is not None:
        agencies = [agency for agency in agencies if agency.division == event.origin_region]
    return sorted(agency.uscc for agency in agencies)
