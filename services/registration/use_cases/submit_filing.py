"""Submit an establishment filing for the first time; it is decided in the same call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.domain.establishment import Establishment
from services.registration.domain.filing import Counter, Filing, FilingStatus
from services.registration.store.filings import FilingStore
from services.registration.use_cases.decide_filing import decide_filing
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import CaseNumberParts, compose_case_number, new_uuid7
from shared.identifiers.channel import Channel
from shared.security.deciding import NotEmpowered, require_counter
from shared.security.office import region_covers
from shared.security.principal import Principal

PREFIX = "DJ"  # 登记


@dataclass(frozen=True)
class SubmitFiling:
    """What is asked for, in which matter; `on_behalf_of` is who came to the caller's counter."""

    caller: Principal
    matter_id: UUID | None
    content: Establishment
    channel: Channel = Channel.PORTAL
    on_behalf_of: str | None = None


async def submit_filing(command: SubmitFiling, uow: UnitOfWork, now: datetime, desk: RegistrarDesk) -> Filing:
    """Raises: NotEmpowered where the caller keeps no counter there; NameTaken, CodesExhausted."""
    serial = await FilingStore(uow.session).next_serial()
    number = CaseNumberParts(PREFIX, desk.policy.division_code, local_date(now), serial)
    draft = Filing(
        id=new_uuid7(),
        status=FilingStatus.DRAFT,
        version=0,
        matter_id=command.matter_id,
        applicant=command.on_behalf_of or command.caller.subject,
        content=command.content,
        results=(),
        submitted_at=now,
        channel=command.channel,
        counter=_counter(command, desk),
        case_no=compose_case_number(number),
    )
    return await decide_filing(draft, uow, now, desk)


def _counter(command: SubmitFiling, desk: RegistrarDesk) -> Counter | None:
    caller = command.caller
    if command.on_behalf_of is None:
        return None
    regions = require_counter(caller, desk.policy.zones)
    if not any(region_covers(region, command.content.domicile.division_code) for region in regions):
        raise NotEmpowered("住所不在本窗口的受理区域内", "the address is not in the region of this counter")
    return Counter(caller.agency or caller.client_id, caller.reference)
