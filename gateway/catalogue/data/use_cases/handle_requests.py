"""Sharing requests: asked, completed, answered by the owner, confirmed; silence is told, and is no consent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.errors import ResourceNotFound
from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.refusals import NotYourStep, SharingRecordNotFound
from gateway.catalogue.data.domain.resource import EntryVersion
from gateway.catalogue.data.domain.share_request import (
    Answer,
    Ask,
    RequestAction,
    ShareRequest,
    measured,
    submit_request,
)
from gateway.catalogue.data.published_sharing import request_told
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.store.share_requests import RequestFilters, ShareRequestStore
from gateway.catalogue.data.use_cases.on_offer import unknown_regions
from gateway.catalogue.data.use_cases.parties import actor_of, refuse_for
from shared.calendar import Limit, local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import RegionPack, SharingClass
from shared.security.principal import Principal

BATCH: Final = 50
WARNED_BEFORE: Final = timedelta(days=1)


async def make_request(
    ask: Ask, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Ask; what is not shared is refused at once, naming the basis. Raises: AgencyOnly, SharingNotPossible."""
    actor = actor_of(caller, region)
    entry = await ResourceStore(uow.session).in_force(ask.resource, local_date(now))
    refuse_for(_flaws(ask, entry, actor, region, now))
    if entry is None:
        raise ResourceNotFound(ask.resource)
    calendar = region.calendar()
    request = submit_request(
        new_uuid7(),
        ask,
        owner_uscc=entry.owner_uscc,
        entry_number=entry.number,
        limit=_reply_limit(entry, region),
        actor=actor,
        at=now,
        calendar=calendar,
    )
    uow.announce(request_told("submitted", request))
    if entry.entry.sharing_class is SharingClass.NONE:
        days, _ = measured(request.clock, now, calendar)
        answer = Answer(now, days, is_late=False, basis=entry.entry.legal_basis)
        request = request.refused(answer, Actor("catalogue", entry.owner_uscc), now)
        uow.announce(request_told("answered", request))
    await ShareRequestStore(uow.session).add(request)
    return request


@dataclass(frozen=True)
class MoveRequest:
    """A step of one party on a request, with what it says."""

    request_id: UUID
    caller: Principal
    words: str = ""


async def ask_completion(
    command: MoveRequest, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Say once what is missing; the clock stands still. Raises: NotYourStep, StepNotAllowed, and so do the others."""
    actor, request = await locked(command, region, uow)
    require_party(actor, request.owner_uscc, RequestAction.ASK_COMPLETION)
    return await keep("completion_asked", request.asked_for_completion(command.words, actor, now), uow)


async def complete_request(
    command: MoveRequest, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Supply what was missing; the clock goes on."""
    actor, request = await locked(command, region, uow)
    require_party(actor, request.requester_uscc, RequestAction.COMPLETE)
    completed = request.completed(command.words, actor, now, region.calendar())
    return await keep("completed", completed, uow)


async def confirm_provision(
    command: MoveRequest, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Say that the data have come."""
    actor, request = await locked(command, region, uow)
    require_party(actor, request.requester_uscc, RequestAction.CONFIRM)
    return await keep("provided", request.confirmed(actor, now), uow)


async def withdraw_request(
    command: MoveRequest, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Take it back before it is answered."""
    actor, request = await locked(command, region, uow)
    require_party(actor, request.requester_uscc, RequestAction.WITHDRAW)
    return await keep("withdrawn", request.withdrawn(actor, now), uow)


async def list_requests(
    filters: RequestFilters, uow: UnitOfWork, *, before: UUID | None, limit: int
) -> list[ShareRequest]:
    """Return a page of requests; `filters_for` has bound them to the caller."""
    return await ShareRequestStore(uow.session).page(filters, before=before, limit=limit)


def seen_by(caller: Principal, region: RegionPack) -> str | None:
    """Whose requests the caller sees; None: all, for the data bureau. Raises: AgencyOnly."""
    actor = actor_of(caller, region)
    return None if actor.is_data_bureau else actor.agency_uscc


async def read_request(
    request_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork
) -> ShareRequest:
    """Raises: AgencyOnly; SharingRecordNotFound, also for one between others."""
    actor = actor_of(caller, region)
    return _seen(await ShareRequestStore(uow.session).find(request_id), request_id, actor)


async def locked(command: MoveRequest, region: RegionPack, uow: UnitOfWork) -> tuple[Actor, ShareRequest]:
    """Return who acts and the request that nobody else changes now. Raises: AgencyOnly, SharingRecordNotFound."""
    actor = actor_of(command.caller, region)
    found = await ShareRequestStore(uow.session).lock(command.request_id)
    return actor, _seen(found, command.request_id, actor)


async def keep(verb: str, request: ShareRequest, uow: UnitOfWork) -> ShareRequest:
    """Keep a request as it is now and tell both parties."""
    await ShareRequestStore(uow.session).save(request)
    uow.announce(request_told(verb, request))
    return request


def require_party(actor: Actor, uscc: str, action: RequestAction) -> None:
    """Raises: NotYourStep."""
    if actor.agency_uscc != uscc:
        raise NotYourStep(action)


async def warn_of_due_requests(uow: UnitOfWork) -> int:
    """Tell a day before that an answer or a provision is due; returns how many were."""
    store = ShareRequestStore(uow.session)
    due = await store.to_warn(uow.now + WARNED_BEFORE, BATCH)
    for request_id in due:
        request = await store.lock(request_id)
        if request is not None and request.warned_at is None and request.runs:
            await keep("due_soon", request.warned(uow.now), uow)
    return len(due)


async def tell_overdue_requests(uow: UnitOfWork) -> int:
    """Tell once that an answer or a provision is overdue: the data bureau may step in; returns how many were."""
    store = ShareRequestStore(uow.session)
    late = await store.to_find_overdue(uow.now, BATCH)
    for request_id in late:
        request = await store.lock(request_id)
        if request is not None and request.overdue_at is None and request.runs:
            await keep("overdue", request.found_overdue(uow.now), uow)
    return len(late)


def _seen(found: ShareRequest | None, request_id: UUID, actor: Actor) -> ShareRequest:
    parties = (found.requester_uscc, found.owner_uscc) if found else ()
    if found is None or not (actor.is_data_bureau or actor.agency_uscc in parties):
        raise SharingRecordNotFound(str(request_id))
    return found


def _reply_limit(entry: EntryVersion, region: RegionPack) -> Limit:
    """How long the owner has: 1 working day where sharing is unconditional, else 10."""
    is_conditional = entry.entry.sharing_class is SharingClass.CONDITIONAL
    return region.limit(f"sharing.{'conditional' if is_conditional else 'unconditional'}_reply").limit


def _flaws(
    ask: Ask, entry: EntryVersion | None, actor: Actor, region: RegionPack, now: datetime
) -> list[Flaw]:
    if entry is None:
        return [Flaw("/resource", "unknown_resource", "目录中没有该资源", "is not in the catalogue")]
    flaws = []
    if entry.owner_uscc == actor.agency_uscc:
        flaws.append(Flaw("/resource", "own", "不必申请本部门的数据", "is the caller's own"))
    if ask.valid_until <= now:
        flaws.append(Flaw("/valid_until", "already_over", "期限必须在将来", "must lie in the future"))
    if entry.entry.ways and ask.way not in entry.entry.ways:
        flaws.append(Flaw("/way", "not_offered", "目录中没有该共享方式", "is no way that the entry offers"))
    offered = {field.name for field in entry.entry.fields}
    flaws += [
        Flaw(f"/fields/{place}", "unknown_field", "该资源没有这个信息项", "is no field of the resource")
        for place, name in enumerate(ask.fields)
        if name not in offered or name in ask.fields[:place]
    ]
    unknown = unknown_regions(ask.regions, region)
    flaws += [
        Flaw(f"/regions/{place}", "unknown_division", "没有这个行政区划", "there is no such division")
        for place, code in enumerate(ask.regions)
        if code in unknown
    ]
    return flaws
