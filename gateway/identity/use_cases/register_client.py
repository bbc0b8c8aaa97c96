"""A client is registered, changed, or released from trial to live work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.identity.domain.client_refusals import ClientActionNotAllowed, ClientIdTaken
from gateway.identity.domain.client_rules import flaws_of
from gateway.identity.domain.clients import TRIAL, Client, Environment, RateTier, Standing
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.client_keys import lock_open
from gateway.identity.use_cases.client_records import client_recorded, refuse_flaws
from shared.database.unit_of_work import UnitOfWork
from shared.region import DivisionStanding, RegionPack
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind


@dataclass(frozen=True)
class RegisterClient:
    """What is to be registered, and by whom."""

    client: Client
    by: Principal


@dataclass(frozen=True)
class ClientChanges:
    """What changes; None leaves it as it is."""

    name: str | None = None
    scopes: frozenset[str] | None = None
    redirect_uris: tuple[str, ...] | None = None
    post_logout_redirect_uris: tuple[str, ...] | None = None
    tier: RateTier | None = None
    region_code: str | None = None
    requires_dpop: bool | None = None
    requires_pushed_requests: bool | None = None

    def on(self, client: Client) -> Client:
        """Return the client as it will be."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return replace(client, **given, version=client.version + 1)


@dataclass(frozen=True)
class ChangeClient:
    """Which client changes how, by whom, and whether it is still as they read it."""

    client_id: str
    changes: ClientChanges
    check_version: Callable[[int], None]
    by: Principal


@dataclass(frozen=True)
class ReleaseClient:
    """Which test client goes live, with what it may do then, and by whom."""

    client_id: str
    changes: ClientChanges
    by: Principal


async def register_client(
    command: RegisterClient, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Client:
    """Keep a new client; a test client's trial begins now. Raises: ClientIdTaken; ClientNotPossible."""
    is_test = command.client.environment is Environment.TEST
    client = replace(command.client, registered_at=now, expires_at=now + TRIAL if is_test else None)
    check_client(client, region)
    if not await ClientStore(uow.session).add(client, now=now):
        raise ClientIdTaken(client.client_id)
    uow.announce(client_recorded(f"registered_{client.environment.value}", client, command.by, now))
    return client


async def change_client(command: ChangeClient, region: RegionPack, uow: UnitOfWork, now: datetime) -> Client:
    """Change a registration; tokens issued before it lost a scope are refused.

    Raises: ClientNotFound; ClientNotPossible.
    """
    store = ClientStore(uow.session)
    client = await lock_open(command.client_id, store)
    command.check_version(client.version)
    changed = command.changes.on(client)
    check_client(changed, region)
    await store.save(changed, now=now)
    if not client.scopes <= changed.scopes:
        await WithdrawalStore(uow.session).add(WithdrawalKind.CLIENT, client.client_id, now)
    uow.announce(client_recorded("changed", changed, command.by, now))
    return changed


async def release_client(
    command: ReleaseClient, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Client:
    """Let a test client work: from its next token on it speaks for its agency.

    Raises: ClientNotFound; ClientActionNotAllowed for one that is live or suspended; ClientNotPossible.
    """
    store = ClientStore(uow.session)
    client = await lock_open(command.client_id, store)
    if client.environment is not Environment.TEST or client.standing is not Standing.ACTIVE:
        raise ClientActionNotAllowed(client.standing.value, "release")
    live = replace(command.changes.on(client), environment=Environment.LIVE, expires_at=None)
    check_client(live, region)
    await store.save(live, now=now)
    uow.announce(client_recorded("released", live, command.by, now))
    return live


def check_client(client: Client, region: RegionPack) -> None:
    """Raises: ClientNotPossible with every reason."""
    agency = region.agency_by_uscc(client.agency_uscc) if client.agency_uscc else None
    duties = None if agency is None else {duty.key for duty in agency.duties}
    code = client.region_code
    region_is_known = code is None or region.divisions.standing(code[:6]) is DivisionStanding.CURRENT
    refuse_flaws(flaws_of(client, duties, region_is_known=region_is_known))
