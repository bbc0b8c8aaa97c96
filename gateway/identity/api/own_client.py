"""A client looks after itself (接入方自助): it sees its registration and replaces its keys without the data bureau.

That it holds the older key it has proved by the token with which it calls.
"""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Response

from gateway.identity.api.client_shapes import ClientOut, KeyIn, Kid, RemovalIn
from gateway.identity.domain.client_refusals import (
    ClientNotFound,
    ClientNotPossible,
    ClientsOnly,
    KeyNotFound,
    LastKey,
    TooManyKeys,
)
from gateway.identity.domain.clients import Client
from gateway.identity.use_cases.client_keys import AddKey, RemoveKey, add_key, remove_key
from gateway.identity.use_cases.read_clients import own_client_id, read_client
from shared.security.access import requires
from shared.web.conditional import set_etag
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/clients/self", route_class=ServiceRoute, tags=["clients"])

_SELF: Final = requires("identity.client.self")


@router.get("", dependencies=[_SELF], summary="Read my registration (本接入方)")
@refuses(ClientsOnly, ClientNotFound)
async def show_self(caller: Caller, uow: InTransaction, response: Response) -> ClientOut:
    """What the data bureau has registered."""
    return _shown(await read_client(own_client_id(caller), uow), response)


@router.post(
    "/keys", status_code=HTTPStatus.CREATED, dependencies=[_SELF], summary="Add my next key (添加本方公钥)"
)
@refuses(ClientsOnly, ClientNotFound, ClientNotPossible, TooManyKeys)
async def add_own(body: KeyIn, caller: Caller, uow: InTransaction, now: Now, response: Response) -> ClientOut:
    """Both keys are good until the older one is removed, so nothing stands still."""
    return _shown(await add_key(AddKey(own_client_id(caller), body.key(now), caller), uow, now), response)


@router.post("/keys/{kid}/removal", dependencies=[_SELF], summary="Remove my former key (移除本方公钥)")
@refuses(ClientsOnly, ClientNotFound, KeyNotFound, LastKey)
async def remove_own(
    kid: Kid, body: RemovalIn, caller: Caller, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """For good; the last one stays."""
    command = RemoveKey(own_client_id(caller), kid, body.because, caller)
    return _shown(await remove_key(command, uow, now), response)


def _shown(client: Client, response: Response) -> ClientOut:
    set_etag(response, client.version)
    return ClientOut.of(client)
