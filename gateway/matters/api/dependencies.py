"""What routes of this part ask for beyond the common: the region's rules, and who is calling."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import Request

from gateway.matters.store.cases import Handler
from gateway.matters.use_cases.acting import Actor, actor_of
from gateway.matters.use_cases.assistance import only_matter
from gateway.matters.use_cases.handle_task import Officer
from gateway.matters.use_cases.read_task import handler_of
from shared.region import RegionPack
from shared.security.principal import Principal, SubjectKind
from shared.web.fields import Code
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller


async def _region(request: Request) -> RegionPack:
    pack: RegionPack = request.app.state.region
    return pack


Region = Annotated[RegionPack, Depends(_region)]


async def _applicant(caller: Caller) -> Principal:
    if caller.kind is SubjectKind.CLIENT:
        raise Refusal(FORBIDDEN)
    return caller


async def _acting(
    caller: Caller,
    region: Region,
    on_behalf_of: Annotated[
        Code | None,
        Query(description="At a counter: who came there, an opaque id or a credit code (代收申请人)"),
    ] = None,
) -> Actor:
    return actor_of(caller, on_behalf_of, region)


async def _drafter(caller: Caller) -> Principal:
    if only_matter(caller) is not None:
        raise Refusal(FORBIDDEN)  # a mandate for one matter does not reach drafts, which are of no matter yet
    return caller


async def _draft_acting(actor: Annotated[Actor, Depends(_acting)]) -> Actor:
    await _drafter(actor.caller)
    if actor.agent is not None:
        raise Refusal(FORBIDDEN)  # who files for founders does so at once
    return actor


async def _officer(caller: Caller, region: Region) -> Officer:
    return Officer.of(caller, region)


async def _staff(caller: Caller, region: Region) -> Handler:
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    return handler_of(caller, region)


Applicant = Annotated[Principal, Depends(_applicant)]
Acting = Annotated[Actor, Depends(_acting)]
Drafter = Annotated[Principal, Depends(_drafter)]
DraftActing = Annotated[Actor, Depends(_draft_acting)]
ActingOfficer = Annotated[Officer, Depends(_officer)]
Staff = Annotated[Handler, Depends(_staff)]
