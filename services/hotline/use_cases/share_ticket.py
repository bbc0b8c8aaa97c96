"""Show another agency what a grant opens of a ticket that is not its own."""

from dataclasses import dataclass
from typing import Final

from services.hotline.domain.access import TicketNotFound
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.ticket import Ticket
from services.hotline.published import ACCESS_RECORDED
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.sharing.reading import Record, Stated, open_fields

RESOURCE: Final = "hotline.ticket"


@dataclass(frozen=True)
class SharedTicket:
    """A ticket and the fields that are open."""

    ticket: Ticket
    shown: frozenset[str]


async def share_ticket(
    number: str,
    stated: Stated,
    reader: Principal,
    protected: frozenset[str],
    rules: DeskRules,
    uow: UnitOfWork,
) -> SharedTicket:
    """Raises: TicketNotFound, ReadingRefused, CaseNumberMissing.

    Whether there is such a ticket is told only under a grant. Nobody is told who asked confidentially.
    """
    ticket = await _found(number, rules, uow)
    demand = ticket.demand if ticket else None
    requester = ticket.requester if ticket and demand and not demand.is_confidential else None
    record = Record(
        resource=RESOURCE,
        key=number,
        division=(demand.place.code if demand else None) or rules.division_code,
        protected=protected,
        owner=requester,
        subjects=(requester,) if requester else (),
    )
    opened = await open_fields(record, stated, reader, ACCESS_RECORDED, uow)
    if ticket is None:
        raise TicketNotFound
    return SharedTicket(ticket, opened.fields)


async def _found(number: str, rules: DeskRules, uow: UnitOfWork) -> Ticket | None:
    try:
        return await TicketStore(uow.session, rules.calendar).read(number)
    except TicketNotFound:
        return None  # the grant is looked at first, so that absence tells a stranger nothing
