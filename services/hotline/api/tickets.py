"""Tickets: submitted, read, listed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.hotline.api.answers import HistoryOut, IdentityOut, SharedTicketOut, TicketOut, TicketSummaryOut
from services.hotline.api.checks import check_request
from services.hotline.api.dependencies import CallingViewer, Number, Rules
from services.hotline.api.requests import SubmitIn
from services.hotline.domain.access import TicketNotFound
from services.hotline.domain.emergency import EmergencyTransfer
from services.hotline.domain.selection import TicketFilter
from services.hotline.domain.ticket import TicketKind, TicketState
from services.hotline.use_cases.read_ticket import (
    CONTACT_FIELDS,
    list_tickets,
    read_history,
    read_identity,
    read_ticket,
)
from services.hotline.use_cases.share_ticket import share_ticket
from services.hotline.use_cases.submit_ticket import submit_ticket
from shared.security.access import requires
from shared.security.masking import disclose, protected_fields
from shared.sharing.refusals import CaseNumberMissing, ReadingRefused
from shared.sharing.stating import Stating
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/hotline/v1/tickets", route_class=ServiceRoute, tags=["tickets"])
_READ = requires("hotline.ticket.read")


@router.post(
    "",
    status_code=201,
    dependencies=[requires("hotline.ticket.submit")],
    summary="Submit a request to the hotline (提交诉求)",
)
@refuses(EmergencyTransfer)
async def submit(
    body: SubmitIn, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules, response: Response
) -> TicketOut:
    """Take it as a ticket, classify it, and dispatch it to the unit whose duty it is where that is plain."""
    check_request(body, rules)
    ticket = await submit_ticket(body.command(caller), uow, now, rules)
    response.headers["Location"] = f"/hotline/v1/tickets/{ticket.number}"
    set_etag(response, ticket.version)
    return disclose(TicketOut.of(ticket, rules), ())


async def _chosen(
    state: Annotated[TicketState | None, Query(description="State (状态)")] = None,
    kind: Annotated[TicketKind | None, Query(description="Kind (诉求类型)")] = None,
    agency_uscc: Annotated[
        str | None, Query(min_length=18, max_length=18, description="Handling unit (承办单位)")
    ] = None,
    supervised: Annotated[bool | None, Query(description="Under supervision (督办)")] = None,
    matter_id: Annotated[UUID | None, Query(description="Matter (一件事)")] = None,
    division: Annotated[
        str | None,
        Query(
            min_length=6,
            max_length=12,
            pattern=r"^[0-9]{6}([0-9]{3}){0,2}$",
            description="Place with all that lie inside (行政区划，含下级)",
        ),
    ] = None,
) -> TicketFilter:
    return TicketFilter(
        agency=agency_uscc,
        state=state,
        kind=kind,
        is_supervised=supervised,
        matter_id=matter_id,
        division=division,
    )


@router.get("", dependencies=[_READ], summary="List tickets (工单列表)")
async def list_all(
    chosen: Annotated[TicketFilter, Depends(_chosen)],
    paged: Paged,
    caller: CallingViewer,
    uow: InTransaction,
    rules: Rules,
    response: Response,
) -> Page[TicketSummaryOut]:
    """Newest first: a person sees their own, an agency those it has, the centre all."""
    after = (datetime.fromisoformat(paged.after[0]), str(paged.after[1])) if paged.after else None
    tickets = await list_tickets(chosen, caller, uow, rules, after=after, limit=paged.fetch)
    shown = [TicketSummaryOut.of(ticket, rules) for ticket in tickets]
    return paged.page(shown, lambda t: (t.received_at.isoformat(), t.number), response)


@router.get("/{number}", dependencies=[_READ], summary="Read a ticket (查看工单)")
@refuses(TicketNotFound)
async def read(
    number: Number, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules, response: Response
) -> TicketOut:
    """Requester, unit and centre see the contact; reads of it by the latter two are recorded."""
    ticket = await read_ticket(number, caller, uow, now, rules)
    set_etag(response, ticket.version)
    return disclose(TicketOut.of(ticket, rules), CONTACT_FIELDS)


@router.get(
    "/{number}/shared", dependencies=[_READ], summary="Read another unit's ticket by grant (按授权查看工单)"
)
@refuses(TicketNotFound, ReadingRefused, CaseNumberMissing)
async def read_shared(
    number: Number, caller: Caller, stated: Stating, rules: Rules, uow: InTransaction, response: Response
) -> SharedTicketOut:
    """Exactly the granted fields, for the stated purpose; every read is recorded, allowed or refused."""
    shared = await share_ticket(number, stated, caller, protected_fields(SharedTicketOut), rules, uow)
    response.headers["Cache-Control"] = "no-store"
    return disclose(SharedTicketOut.open(shared.ticket), shared.shown)


@router.get("/{number}/history", dependencies=[_READ], summary="Read a ticket's history (办理过程)")
@refuses(TicketNotFound)
async def history(
    number: Number, paged: Paged, caller: CallingViewer, uow: InTransaction, rules: Rules, response: Response
) -> Page[HistoryOut]:
    """Every move in order, with role and time."""
    after = int(paged.after[0]) if paged.after else 0
    moves = await read_history(number, caller, uow, rules, after=after, limit=paged.fetch)
    shown = [HistoryOut.of(position, entry) for position, entry in moves]
    return paged.page(shown, lambda move: (move.position,), response)


@router.get(
    "/{number}/identity",
    dependencies=[requires("hotline.identity.read")],
    summary="Read who asked confidentially (查看保密诉求人)",
)
@refuses(TicketNotFound)
async def identity(
    number: Number, caller: CallingViewer, uow: InTransaction, now: Now, rules: Rules
) -> IdentityOut:
    """For the centre's protected role; every read is recorded."""
    return IdentityOut.of(number, await read_identity(number, caller, uow, now, rules))
