"""The register of clients (接入方管理): kept by the data bureau."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from gateway.identity.api.authority import ByAuthority
from gateway.identity.api.client_shapes import (
    ChangesIn,
    ClientId,
    ClientIn,
    ClientOut,
    KeyIn,
    Kid,
    ReasonIn,
    ReleaseIn,
    RemovalIn,
)
from gateway.identity.api.dependencies import RegionInUse
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.client_refusals import (
    ClientActionNotAllowed,
    ClientIdTaken,
    ClientNotFound,
    ClientNotPossible,
    KeyNotFound,
    LastKey,
    OwnStandingUntouched,
    TooManyKeys,
)
from gateway.identity.domain.clients import Client, ClientAction, ClientKind, Environment, Standing
from gateway.identity.store.clients import ClientFilters, ClientStore
from gateway.identity.use_cases.client_keys import AddKey, RemoveKey, add_key, remove_key
from gateway.identity.use_cases.move_client import MoveClient, move_client
from gateway.identity.use_cases.read_clients import read_client
from gateway.identity.use_cases.register_client import (
    ChangeClient,
    RegisterClient,
    ReleaseClient,
    change_client,
    register_client,
    release_client,
)
from shared.security.access import requires
from shared.security.strength import Strength
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/clients", route_class=ServiceRoute, tags=["clients"])

_READ: Final = requires("identity.client.manage")
_MANAGE: Final = requires("identity.client.manage", at_least=Strength.TWO_FACTOR)
_MOVED: Final = (AuthorityOnly, ClientNotFound, ClientActionNotAllowed, OwnStandingUntouched)


@router.post(
    "", status_code=HTTPStatus.CREATED, dependencies=[_MANAGE], summary="Register a client (登记接入方)"
)
@refuses(AuthorityOnly, ClientIdTaken, ClientNotPossible)
async def register(
    body: ClientIn, caller: ByAuthority, region: RegionInUse, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """A test client reads and submits for 90 days, at the smallest rate and in no agency's name."""
    command = RegisterClient(body.client(now), caller)
    return _shown(await register_client(command, region, uow, now), response)


@router.get("", dependencies=[_READ], summary="List clients (接入方清单)")
@refuses(AuthorityOnly)
async def show_clients(
    _: ByAuthority,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    agency: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    kind: ClientKind | None = None,
    environment: Environment | None = None,
    standing: Standing | None = None,
) -> Page[ClientOut]:
    """By their ids."""
    filters = ClientFilters(agency, kind, environment, standing)
    after = str(paged.after[0]) if paged.after else None
    found = await ClientStore(uow.session).page(filters, after=after, limit=paged.fetch)
    clients = [ClientOut.of(client) for client in found]
    return paged.page(clients, lambda client: (client.client_id,), response)


@router.get("/{client_id}", dependencies=[_READ], summary="Read a client (接入方详情)")
@refuses(AuthorityOnly, ClientNotFound)
async def show_client(
    client_id: ClientId, _: ByAuthority, uow: InTransaction, response: Response
) -> ClientOut:
    """With its keys, but for those that were removed."""
    return _shown(await read_client(client_id, uow), response)


@router.patch("/{client_id}", dependencies=[_MANAGE], summary="Change a client (变更接入方)")
@refuses(AuthorityOnly, ClientNotFound, ClientNotPossible)
async def change(
    client_id: ClientId,
    body: ChangesIn,
    caller: ByAuthority,
    if_match: IfMatch,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ClientOut:
    """A scope that is taken away is gone at once: older tokens of the client are refused."""
    command = ChangeClient(client_id, body.changes(), if_match.check, caller)
    return _shown(await change_client(command, region, uow, now), response)


@router.post("/{client_id}/release", dependencies=[_MANAGE], summary="Release to live (正式启用)")
@refuses(AuthorityOnly, ClientNotFound, ClientActionNotAllowed, ClientNotPossible)
async def release(
    client_id: ClientId,
    body: ReleaseIn,
    caller: ByAuthority,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ClientOut:
    """From its next token on the client speaks for its agency, without end, with the scopes and the rate given here."""
    command = ReleaseClient(client_id, body.changes(), caller)
    return _shown(await release_client(command, region, uow, now), response)


@router.post("/{client_id}/suspension", dependencies=[_MANAGE], summary="Suspend at once (立即停用)")
@refuses(*_MOVED)
async def suspend(
    client_id: ClientId, body: ReasonIn, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """No new token, and living ones are refused within seconds everywhere; what people granted is kept."""
    command = MoveClient(client_id, ClientAction.SUSPEND, body.reason, caller)
    return _shown(await move_client(command, uow, now), response)


@router.post("/{client_id}/resumption", dependencies=[_MANAGE], summary="Resume (恢复)")
@refuses(*_MOVED)
async def resume(
    client_id: ClientId, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """The client gets tokens again; those from before its suspension stay refused."""
    command = MoveClient(client_id, ClientAction.RESUME, None, caller)
    return _shown(await move_client(command, uow, now), response)


@router.post("/{client_id}/closure", dependencies=[_MANAGE], summary="Close for good (注销接入方)")
@refuses(*_MOVED)
async def close(
    client_id: ClientId, body: ReasonIn, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """The client is never served again; its id is not given again."""
    command = MoveClient(client_id, ClientAction.CLOSE, body.reason, caller)
    return _shown(await move_client(command, uow, now), response)


@router.post(
    "/{client_id}/keys",
    status_code=HTTPStatus.CREATED,
    dependencies=[_MANAGE],
    summary="Add a key (添加公钥)",
)
@refuses(AuthorityOnly, ClientNotFound, ClientNotPossible, TooManyKeys)
async def add(
    client_id: ClientId, body: KeyIn, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> ClientOut:
    """Up to three living keys, so that one replaces another with overlap."""
    return _shown(await add_key(AddKey(client_id, body.key(now), caller), uow, now), response)


@router.post("/{client_id}/keys/{kid}/removal", dependencies=[_MANAGE], summary="Remove a key (移除公钥)")
@refuses(AuthorityOnly, ClientNotFound, KeyNotFound, LastKey)
async def remove(
    client_id: ClientId,
    kid: Kid,
    body: RemovalIn,
    caller: ByAuthority,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ClientOut:
    """For good: the same key is not taken again. An active client keeps one; if it is compromised, suspend it."""
    command = RemoveKey(client_id, kid, body.because, caller)
    return _shown(await remove_key(command, uow, now), response)


def _shown(client: Client, response: Response) -> ClientOut:
    set_etag(response, client.version)
    return ClientOut.of(client)
