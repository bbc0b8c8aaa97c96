"""What routes of this part ask for beyond the common: the region's rules, and who is calling."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from shared.region import RegionPack
from shared.security.principal import Principal
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller


async def _region(request: Request) -> RegionPack:
    pack: RegionPack = request.app.state.region
    return pack


async def _person(caller: Caller) -> Principal:
    if not caller.is_person:
        raise Refusal(FORBIDDEN)
    return caller


async def _agency(caller: Caller) -> str:
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    return caller.agency


Region = Annotated[RegionPack, Depends(_region)]
Person = Annotated[Principal, Depends(_person)]
AgencyCode = Annotated[str, Depends(_agency)]
