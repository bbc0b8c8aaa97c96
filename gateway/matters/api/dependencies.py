"""What routes of this part ask for beyond the common: the region's rules, and who is calling."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from gateway.matters.store.cases import Handler
from gateway.matters.use_cases.handle_task import handler_of
from shared.region import RegionPack
from shared.security.principal import Principal, SubjectKind
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller


async def _region(request: Request) -> RegionPack:
    pack: RegionPack = request.app.state.region
    return pack


Region = Annotated[RegionPack, Depends(_region)]


async def _person(caller: Caller) -> Principal:
    if not caller.is_person:
        raise Refusal(FORBIDDEN)
    return caller


async def _applicant(caller: Caller) -> Principal:
    if caller.kind is SubjectKind.CLIENT:
        raise Refusal(FORBIDDEN)
    return caller


async def _handler(caller: Caller, region: Region) -> Handler:
    return handler_of(caller, region)


async def _staff(caller: Caller, region: Region) -> Handler:
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    return handler_of(caller, region)


Person = Annotated[Principal, Depends(_person)]
Applicant = Annotated[Principal, Depends(_applicant)]
TaskHandler = Annotated[Handler, Depends(_handler)]
Staff = Annotated[Handler, Depends(_staff)]
