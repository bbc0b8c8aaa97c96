"""Write a filing down: for its applicant, or for whoever came to the caller's counter; decided on when submitted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.registration.domain.errors import KindNotOffered
from services.registration.domain.filing import Agent, Counter, Filing, FilingStatus
from services.registration.domain.filing_kinds import Concerns, FilingContent, FilingKind
from services.registration.store.enterprises import EnterpriseStore
from services.registration.store.filings import FilingStore
from services.registration.use_cases.acts import ACTS
from services.registration.use_cases.counter_here import require_counter_for
from services.registration.use_cases.decide_filing import decide_filing, save_filing
from services.registration.use_cases.ownership import require_owner
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, compose_case_number, new_uuid7
from shared.identifiers.channel import Channel
from shared.security.deciding import NotEmpowered
from shared.security.principal import Principal

PREFIX: Final = "DJ"  # 登记
REPRESENT: Final = "registration.filing.represent"


@dataclass(frozen=True)
class DraftFiling:
    """What is asked for, in which matter; `on_behalf_of` is who came to the caller's counter, or to a bank."""

    caller: Principal
    matter_id: UUID | None
    content: FilingContent
    channel: Channel = Channel.PORTAL
    on_behalf_of: str | None = None
    wants_person: bool = False


async def submit_filing(command: DraftFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Decided in the same call.

    Raises: KindNotOffered, EnterpriseNotFound, NotTheOwner; NotEmpowered where the caller keeps no counter there;
    FilingInProgress; whatever the act's review raises.
    """
    return await decide_filing(await _draft(command, uow, now, desk), uow, now, desk)


async def keep_draft(command: DraftFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Keep it to go on with later; nothing is reserved. Raises: as `submit_filing`, but for the review."""
    draft = await _draft(command, uow, now, desk, version=1)
    await save_filing(draft, uow, desk)
    return draft


async def _draft(
    command: DraftFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk, version: int = 0
) -> Filing:
    act = ACTS.get(command.content.kind)
    if act is None:
        raise KindNotOffered(command.content.kind.value)
    concerns = await act.concerns(command.content, uow)
    agent = _agent(command)
    counter = _counter(command, concerns, desk) if agent is None else None
    if concerns.uscc is not None and counter is None:
        file = await EnterpriseStore(uow.session).find(concerns.uscc)
        require_owner(command.caller, file.enterprise)
    serial = await FilingStore(uow.session).next_serial()
    number = CaseNumberParts(PREFIX, desk.policy.division_code, local_date(now), serial)
    return Filing(
        id=new_uuid7(),
        status=FilingStatus.DRAFT,
        version=version,
        matter_id=command.matter_id,
        applicant=command.on_behalf_of or command.caller.subject,
        concerns=concerns,
        content=command.content,
        results=(),
        submitted_at=now,
        channel=command.channel,
        counter=counter,
        case_no=compose_case_number(number),
        wants_person=command.wants_person,
        agent=agent,
    )


def _agent(command: DraftFiling) -> Agent | None:
    """A bank with the scope of an agent files establishments for founders, and nothing else."""
    caller = command.caller
    if command.on_behalf_of is None or REPRESENT not in caller.scopes or caller.agency is None:
        return None
    if command.content.kind is not FilingKind.ESTABLISHMENT:
        raise NotEmpowered("代办机构只代办设立登记", "an agent files establishments only")
    return Agent(caller.agency, caller.client_id)


def _counter(command: DraftFiling, concerns: Concerns, desk: RegistrarDesk) -> Counter | None:
    caller = command.caller
    if command.on_behalf_of is None:
        return None
    require_counter_for(caller, concerns.division_code, desk)
    return Counter(caller.agency or caller.client_id, caller.reference)
