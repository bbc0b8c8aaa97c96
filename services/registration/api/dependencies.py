"""What routes take from the app: the registrar's desk, and who counts as its officer."""

from typing import Annotated

from fastapi import Depends, Request

from services.registration.domain.errors import FilingNotFound, NotTheRegistrar
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.security.principal import Principal
from shared.web.routes import Caller


async def _desk(request: Request) -> RegistrarDesk:
    desk: RegistrarDesk = request.app.state.desk
    return desk


Desk = Annotated[RegistrarDesk, Depends(_desk)]


def is_registrar(caller: Principal, desk: RegistrarDesk) -> bool:
    """Whether the caller works for the registrar."""
    return caller.agency == desk.policy.registrar.uscc


async def _officer(caller: Caller, desk: Desk) -> Principal:
    if not is_registrar(caller, desk):
        raise FilingNotFound
    return caller


async def _at_the_queue(caller: Caller, desk: Desk) -> Principal:
    if not is_registrar(caller, desk):
        raise NotTheRegistrar
    return caller


# On one filing others are told what they would be told of no filing; the queue as such is no secret.
OfficerOfFiling = Annotated[Principal, Depends(_officer)]
OfficerAtQueue = Annotated[Principal, Depends(_at_the_queue)]
