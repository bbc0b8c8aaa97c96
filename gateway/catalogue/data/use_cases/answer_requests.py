"""Answer a sharing request: agree, which issues the grant at once, or refuse on a basis; settle the dispute about it.

Source: 政务数据共享条例 (国令809): no condition is added to those of the catalogue; a refusal names its basis;
disputes are settled by the data bureau, whose decision binds.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.entry import Entry
from gateway.catalogue.data.domain.grant import Terms
from gateway.catalogue.data.domain.grant_rules import Flaw
from gateway.catalogue.data.domain.happening import Actor
from gateway.catalogue.data.domain.refusals import BureauDecides, SharingRecordNotFound, StepNotAllowed
from gateway.catalogue.data.domain.share_request import (
    TRANSITIONS,
    Answer,
    RequestAction,
    ShareRequest,
    measured,
)
from gateway.catalogue.data.store.resources import ResourceStore
from gateway.catalogue.data.use_cases.handle_requests import MoveRequest, keep, locked, require_party
from gateway.catalogue.data.use_cases.issue_grant import IssueGrant, issue_agreed_grant
from gateway.catalogue.data.use_cases.on_offer import grantee
from gateway.catalogue.data.use_cases.parties import refuse_for
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import OfferedWay, RegionPack, SharingClass
from shared.security.principal import Principal
from shared.sharing.deciding import Way

# A file is a copy that is handed over: the services let it be made under a grant for copies.
_WAY_OF_GRANT: Final = {
    OfferedWay.COPY: Way.COPY,
    OfferedWay.FILE: Way.COPY,
    OfferedWay.VERIFY: Way.VERIFY,
}


@dataclass(frozen=True)
class Agree:
    """What is granted: all fields that were asked for unless fewer are named, until the term unless sooner."""

    request_id: UUID
    caller: Principal
    fields: tuple[str, ...] = ()
    valid_until: datetime | None = None
    conditions: tuple[str, ...] = ()
    reason: str | None = None


async def agree_to_request(
    command: Agree, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """Raises: NotYourStep, StepNotAllowed, SharingNotPossible, GrantNotPossible."""
    actor, request = await locked(MoveRequest(command.request_id, command.caller), region, uow)
    require_party(actor, request.owner_uscc, RequestAction.AGREE)
    _require_move(request, RequestAction.AGREE)
    entry = await _entry(request, uow)
    refuse_for([*_narrowing_flaws(command, request), *_added_conditions(command.conditions, entry)])
    agreed = await _granted(command, replace(actor, is_data_bureau=False), request, region, uow, now)
    return await keep("answered", agreed, uow)


@dataclass(frozen=True)
class Refuse:
    """On which basis, and which conditions of the catalogue the requester does not meet."""

    request_id: UUID
    caller: Principal
    basis: str
    reason: str
    unmet_conditions: tuple[str, ...] = ()


async def refuse_request(command: Refuse, region: RegionPack, uow: UnitOfWork, now: datetime) -> ShareRequest:
    """Raises: NotYourStep, StepNotAllowed, SharingNotPossible."""
    actor, request = await locked(MoveRequest(command.request_id, command.caller), region, uow)
    require_party(actor, request.owner_uscc, RequestAction.REFUSE)
    _require_move(request, RequestAction.REFUSE)
    entry = await _entry(request, uow)
    flaws = _added_conditions(command.unmet_conditions, entry, "/unmet_conditions")
    if entry.sharing_class is SharingClass.CONDITIONAL and not command.unmet_conditions:
        what = "须指明不符合目录中的哪项条件", "name the condition of the catalogue that is not met"
        flaws.append(Flaw("/unmet_conditions", "missing", *what))
    refuse_for(flaws)
    days, is_late = measured(request.clock, now, region.calendar())
    answer = Answer(
        now,
        days,
        is_late,
        basis=command.basis,
        unmet_conditions=command.unmet_conditions,
        reason=command.reason,
    )
    return await keep("answered", request.refused(answer, actor, now), uow)


async def dispute_answer(
    command: MoveRequest, region: RegionPack, uow: UnitOfWork, now: datetime
) -> ShareRequest:
    """The requester takes it to the data bureau. Raises: NotYourStep, StepNotAllowed."""
    actor, request = await locked(command, region, uow)
    require_party(actor, request.requester_uscc, RequestAction.DISPUTE)
    return await keep("disputed", request.disputed(command.words, actor, now), uow)


@dataclass(frozen=True)
class Settle:
    """The data bureau's decision: the refusal stands, or the data are shared."""

    request_id: UUID
    caller: Principal
    shall_share: bool
    reason: str
    basis: str
    fields: tuple[str, ...] = ()


async def settle_dispute(command: Settle, region: RegionPack, uow: UnitOfWork, now: datetime) -> ShareRequest:
    """Binding for both. Raises: BureauDecides, StepNotAllowed, SharingNotPossible, GrantNotPossible."""
    actor, request = await locked(MoveRequest(command.request_id, command.caller), region, uow)
    if not actor.is_data_bureau:
        raise BureauDecides
    if not command.shall_share:
        return await keep("decided", request.upheld(command.reason, command.basis, actor, now), uow)
    _require_move(request, RequestAction.OVERRULE)
    agree = Agree(command.request_id, command.caller, command.fields, reason=command.reason)
    refuse_for(_narrowing_flaws(agree, request))
    agreed = await _granted(agree, actor, request, region, uow, now, basis=command.basis)
    return await keep("decided", agreed, uow)


async def _granted(
    command: Agree,
    actor: Actor,
    request: ShareRequest,
    region: RegionPack,
    uow: UnitOfWork,
    now: datetime,
    basis: str | None = None,
) -> ShareRequest:
    ask, calendar = request.ask, region.calendar()
    terms = Terms(
        agency_uscc=request.requester_uscc,
        resource=ask.resource,
        fields=command.fields or ask.fields,
        purpose=ask.purpose,
        valid_until=command.valid_until or ask.valid_until,
        regions=ask.regions,
        scenes=ask.scenes,
        ways=(_WAY_OF_GRANT[ask.way],),
        needs_consent=grantee(request.requester_uscc, region).whitelist is not None,
        basis=ask.basis,
    )
    grant = await issue_agreed_grant(IssueGrant(new_uuid7(), terms, command.caller), region, uow, now)
    if request.answer is None:
        days, is_late = measured(request.clock, now, calendar)
    else:
        days, is_late = request.answer.working_days, request.answer.is_late
    answer = Answer(
        now,
        days,
        is_late,
        grant_id=grant.grant_id,
        granted_fields=terms.fields,
        basis=basis,
        reason=command.reason,
    )
    provision = region.limit("sharing.provision").limit
    return request.agreed(answer, provision, actor, now, calendar)


async def _entry(request: ShareRequest, uow: UnitOfWork) -> Entry:
    """The entry as it was when the request was made: conditions that were added since do not count."""
    versions = await ResourceStore(uow.session).published(request.ask.resource)
    for version in versions:
        if version.number == request.entry_number:
            return version.entry
    raise SharingRecordNotFound(request.ask.resource)


def _require_move(request: ShareRequest, action: RequestAction) -> None:
    if (request.status, action) not in TRANSITIONS:
        raise StepNotAllowed(request.status, action)


def _narrowing_flaws(command: Agree, request: ShareRequest) -> list[Flaw]:
    ask = request.ask
    flaws = [
        Flaw(f"/fields/{place}", "not_asked_for", "未申请该信息项", "was not asked for")
        for place, name in enumerate(command.fields)
        if name not in ask.fields
    ]
    if command.valid_until is not None and command.valid_until > ask.valid_until:
        flaws.append(Flaw("/valid_until", "not_asked_for", "超出申请的期限", "is later than was asked for"))
    return flaws


def _added_conditions(named: tuple[str, ...], entry: Entry, pointer: str = "/conditions") -> list[Flaw]:
    return [
        Flaw(
            f"{pointer}/{place}",
            "added_condition",
            "目录中没有该条件，不得附加",
            "is no condition of the catalogue; none may be added",
        )
        for place, condition in enumerate(named)
        if condition not in entry.conditions
    ]
