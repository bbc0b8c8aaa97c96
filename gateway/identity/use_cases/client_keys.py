"""The public keys of a client: read from what its owner sends, added with overlap, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.identity.domain.client_refusals import ClientNotFound, KeyNotFound, LastKey, TooManyKeys
from gateway.identity.domain.client_rules import flaws_of_key
from gateway.identity.domain.clients import MOST_LIVE_KEYS, Client, ClientKey, Standing
from gateway.identity.store.clients import ClientStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.client_records import client_recorded, refuse_flaws
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import VerificationKey
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind


class RemovalReason(StrEnum):
    """Why a key is removed: a successor is in use, or others may have it."""

    REPLACED = "replaced"
    COMPROMISED = "compromised"


@dataclass(frozen=True)
class AddKey:
    """Whose key, and who adds it."""

    client_id: str
    key: ClientKey
    by: Principal


@dataclass(frozen=True)
class RemoveKey:
    """Which key goes, why, and who removes it."""

    client_id: str
    kid: str
    because: RemovalReason
    by: Principal


def client_key(
    jwk: Mapping[str, str], *, not_before: datetime, not_after: datetime | None = None
) -> ClientKey:
    """Read a public JWK; without a `kid` its RFC 7638 thumbprint is its name. Raises: UnusableKey."""
    key = VerificationKey.from_jwk(jwk)
    members = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
    return ClientKey(key.kid, members | {"kid": key.kid, "alg": "ES256", "use": "sig"}, not_before, not_after)


async def add_key(command: AddKey, uow: UnitOfWork, now: datetime) -> Client:
    """Let a further key prove the client. Raises: ClientNotFound; TooManyKeys; ClientNotPossible."""
    store = ClientStore(uow.session)
    client = await lock_open(command.client_id, store)
    refuse_flaws(flaws_of_key(client, command.key, now))
    if len([key for key in client.keys if not key.has_ended(now)]) >= MOST_LIVE_KEYS:
        raise TooManyKeys(MOST_LIVE_KEYS)
    changed = replace(client, keys=(*client.keys, command.key), version=client.version + 1)
    await store.save(changed, now=now)
    uow.announce(client_recorded("key_added", changed, command.by, now))
    return changed


async def remove_key(command: RemoveKey, uow: UnitOfWork, now: datetime) -> Client:
    """End a key for good; a compromised one's tokens are refused too.

    Raises: ClientNotFound; KeyNotFound; LastKey where an active client would be left without a good one.
    """
    store = ClientStore(uow.session)
    client = await lock_open(command.client_id, store)
    key = client.key(command.kid)
    if key is None or key.removed_at is not None:
        raise KeyNotFound(command.kid)
    remaining = tuple(each for each in client.good_keys(now) if each.kid != key.kid)
    if not remaining and key.is_good(now) and client.standing is Standing.ACTIVE:
        raise LastKey(command.kid)
    keys = tuple(replace(each, removed_at=now) if each.kid == key.kid else each for each in client.keys)
    changed = replace(client, keys=keys, version=client.version + 1)
    await store.save(changed, now=now)
    if command.because is RemovalReason.COMPROMISED:
        await WithdrawalStore(uow.session).add(WithdrawalKind.CLIENT, client.client_id, now)
    uow.announce(client_recorded(f"key_{command.because.value}", changed, command.by, now))
    return changed


async def lock_open(client_id: str, store: ClientStore) -> Client:
    """Load a client for change; raises ClientNotFound, also for one that was closed for good."""
    client = await store.lock(client_id)
    if client is None or client.standing is Standing.CLOSED:
        raise ClientNotFound(client_id)
    return client
