"""Read a ticket, its history, a list of tickets; a stranger's answer is that of an absent one."""

from dataclasses import replace
from datetime import datetime

from services.hotline.domain.access import Role, TicketNotFound, Viewer, roles_of
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.lifecycle import HistoryEntry
from services.hotline.domain.selection import TicketFilter
from services.hotline.domain.ticket import Requester, Ticket
from services.hotline.published import personal_data_read
from services.hotline.store.tickets import TicketStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.office import region_covers

CONTACT_FIELDS = ("contact.name", "contact.phone")


async def read_ticket(
    number: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Ticket:
    """Raises TicketNotFound. Reading another's contact leaves an access record."""
    ticket, roles = await _seen(number, caller, uow, rules)
    if ticket.contact is not None and Role.REQUESTER not in roles:
        uow.announce(personal_data_read(ticket, caller, list(CONTACT_FIELDS), now))
    return ticket


async def read_history(
    number: str, caller: Viewer, uow: UnitOfWork, rules: DeskRules, *, after: int, limit: int
) -> list[tuple[int, HistoryEntry]]:
    """The moves in order; notes between unit and centre are not the requester's."""
    _, roles = await _seen(number, caller, uow, rules)
    moves = await TicketStore(uow.session, rules.calendar).history(number, after, limit)
    if roles == {Role.REQUESTER}:
        moves = [(position, replace(entry, note=None)) for position, entry in moves]
    return moves


async def read_identity(
    number: str, caller: Viewer, uow: UnitOfWork, now: datetime, rules: DeskRules
) -> Requester:
    """Who asked confidentially: for the centre's protected role, each read recorded (HOT-24: 严格保护).

    Raises TicketNotFound, also where the caller is not of the centre.
    """
    ticket, roles = await _seen(number, caller, uow, rules)
    if Role.CENTRE not in roles:
        raise TicketNotFound
    requester = await TicketStore(uow.session, rules.calendar).identity(number)
    uow.announce(personal_data_read(ticket, caller, [*CONTACT_FIELDS, "subject", "uscc", "matter_id"], now))
    return requester


async def list_tickets(
    chosen: TicketFilter,
    caller: Viewer,
    uow: UnitOfWork,
    rules: DeskRules,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Ticket]:
    """Newest first: the centre sees all, an agency those dispatched to it, anybody else their own.

    An officer sees those of the office's region.
    """
    if caller.agency is None:
        chosen = replace(chosen, requester=caller.subject)
    else:
        chosen = replace(chosen, region=rules.narrowing(caller.office))
    if caller.agency not in (None, rules.centre_uscc):
        if chosen.agency not in (None, caller.agency):
            return []
        chosen = replace(chosen, agency=caller.agency)
    if chosen.division is not None and region_covers(chosen.division, rules.division_code):
        chosen = replace(chosen, division=None)
    return await TicketStore(uow.session, rules.calendar).newest(chosen, after, limit)


async def _seen(
    number: str, caller: Viewer, uow: UnitOfWork, rules: DeskRules
) -> tuple[Ticket, frozenset[Role]]:
    ticket = await TicketStore(uow.session, rules.calendar).read(number)
    roles = roles_of(ticket, caller, rules)
    if not roles:
        raise TicketNotFound
    return ticket, roles
