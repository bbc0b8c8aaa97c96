"""What centre, unit and requester do with a ticket; each action locks it and makes one move."""

from fastapi import APIRouter, Response

from services.hotline.api.answers import TicketOut
from services.hotline.api.checks import check_dispatch, check_level
from services.hotline.api.dependencies import CallingViewer, Number, Rules
from services.hotline.api.requests import DispatchIn, LevelIn, RatingIn, ReplyIn, ReturnIn
from services.hotline.domain.access import NotYourPart, RatingIsTheRequesters, TicketNotFound
from services.hotline.domain.desk import DeskRules
from services.hotline.domain.handling import (
    AlreadyRated,
    LevelTooLate,
    RatingStillOpen,
    ReplyMissing,
    ReturnNotAllowed,
)
from services.hotline.domain.lifecycle import ActionNotAllowed
from services.hotline.domain.ticket import Ticket
from services.hotline.use_cases.change_level import ChangeLevel, change_ticket_level
from services.hotline.use_cases.close_ticket import close_ticket
from services.hotline.use_cases.dispatch_ticket import CategoryNeeded, DispatchTicket, dispatch_ticket
from services.hotline.use_cases.rate_ticket import RateTicket, rate_ticket
from services.hotline.use_cases.record_contact import record_contact
from services.hotline.use_cases.reply_to_ticket import ReplyToTicket, reply_to_ticket
from services.hotline.use_cases.return_ticket import ReturnTicket, return_ticket
from services.hotline.use_cases.sign_ticket import sign_ticket
from shared.security.access import requires
from shared.security.masking import disclose
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/hotline/v1/tickets/{number}", route_class=ServiceRoute, tags=["handling"])
_HANDLE = requires("hotline.ticket.handle")
_MANAGE = requires("hotline.ticket.manage")
_ALWAYS = (TicketNotFound, NotYourPart, ActionNotAllowed)


def _shown(ticket: Ticket, rules: DeskRules, response: Response) -> TicketOut:
    set_etag(response, ticket.version)
    return disclose(TicketOut.of(ticket, rules), ())


@router.post("/dispatch", dependencies=[_MANAGE], summary="Dispatch a ticket (派单)")
@refuses(*_ALWAYS, CategoryNeeded)
async def dispatch(
    number: Number,
    body: DispatchIn,
    caller: CallingViewer,
    uow: InTransaction,
    now: Now,
    rules: Rules,
    response: Response,
) -> TicketOut:
    """The centre names the unit; after a return the named unit keeps the ticket."""
    check_dispatch(body, rules)
    command = DispatchTicket(number, caller, body.agency_uscc, body.category, body.nature)
    return _shown(await dispatch_ticket(command, uow, now, rules), rules, response)


@router.post("/signature", dependencies=[_HANDLE], summary="Take a ticket on (签收)")
@refuses(*_ALWAYS)
async def sign(
    number: Number, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules, response: Response
) -> TicketOut:
    """The unit confirms that it handles the ticket."""
    return _shown(await sign_ticket(number, caller, uow, now, rules), rules, response)


@router.post("/contact", dependencies=[_HANDLE], summary="Record the first contact (首次联系)")
@refuses(*_ALWAYS)
async def contact(
    number: Number, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules, response: Response
) -> TicketOut:
    """The unit has reached the requester."""
    return _shown(await record_contact(number, caller, uow, now, rules), rules, response)


@router.post("/return", dependencies=[_HANDLE], summary="Return a ticket (退单)")
@refuses(*_ALWAYS, ReturnNotAllowed)
async def give_back(
    number: Number,
    body: ReturnIn,
    caller: CallingViewer,
    uow: InTransaction,
    now: Now,
    rules: Rules,
    response: Response,
) -> TicketOut:
    """Once; the ticket falls to the centre, which handles it or names a unit."""
    command = ReturnTicket(number, caller, body.reason, body.note)
    return _shown(await return_ticket(command, uow, now, rules), rules, response)


@router.post("/reply", dependencies=[_HANDLE], summary="Answer the requester (答复)")
@refuses(*_ALWAYS)
async def reply(
    number: Number,
    body: ReplyIn,
    caller: CallingViewer,
    uow: InTransaction,
    now: Now,
    rules: Rules,
    response: Response,
) -> TicketOut:
    """The unit answers; the time to rate begins."""
    command = ReplyToTicket(number, caller, body.text)
    return _shown(await reply_to_ticket(command, uow, now, rules), rules, response)


@router.post("/rating", dependencies=[requires("hotline.ticket.submit")], summary="Rate the handling (评价)")
@refuses(*_ALWAYS, RatingIsTheRequesters, AlreadyRated)
async def rate(
    number: Number,
    body: RatingIn,
    caller: CallingViewer,
    uow: InTransaction,
    now: Now,
    rules: Rules,
    response: Response,
) -> TicketOut:
    """By the requester alone, of their own will, once; a bad verdict sends the ticket back once."""
    command = RateTicket(number, caller, body.score, body.solved, body.comment)
    return _shown(await rate_ticket(command, uow, now, rules), rules, response)


@router.post("/closure", dependencies=[_MANAGE], summary="Close a ticket (办结)")
@refuses(*_ALWAYS, ReplyMissing, RatingStillOpen)
async def close(
    number: Number, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules, response: Response
) -> TicketOut:
    """The centre ends a ticket that is answered and rated, or no longer to be rated."""
    return _shown(await close_ticket(number, caller, uow, now, rules), rules, response)


@router.patch("", dependencies=[_MANAGE], summary="Change how hard a ticket is (调整难度)")
@refuses(*_ALWAYS, LevelTooLate)
async def change_level(
    number: Number,
    body: LevelIn,
    if_match: IfMatch,
    caller: CallingViewer,
    uow: InTransaction,
    now: Now,
    rules: Rules,
    response: Response,
) -> TicketOut:
    """The deadlines follow from the same start; the change is written down."""
    check_level(body, rules)
    command = ChangeLevel(number, caller, body.level, if_match.check)
    return _shown(await change_ticket_level(command, uow, now, rules), rules, response)
