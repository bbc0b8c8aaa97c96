"""Loads the clients and accounts of a local suite; again, it changes only what the file changed."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.identity.domain.accounts import Account
from gateway.identity.domain.clients import Client, ClientKind
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.clients import ClientStore
from gateway.identity.use_cases.client_keys import client_key
from gateway.identity.use_cases.passwords import Passwords
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import RegionPack
from shared.security.office import Office

_Texts = tuple[Annotated[str, Field(max_length=2000)], ...]


class SeedClient(BaseModel):
    """A client; `agency` is a key of the region pack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str
    name: str
    kind: ClientKind
    agency: str | None
    jwk: dict[str, str] | None
    scopes: _Texts
    redirect_uris: _Texts = ()
    post_logout_redirect_uris: _Texts = ()


class SeedOffice(BaseModel):
    """Where an officer works, and the posts held there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str = Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")
    posts: _Texts = ()


class SeedAccount(BaseModel):
    """A made-up person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str
    display_name: str
    citizen_id: str
    phone: str
    agency: str | None
    password: str = Field(repr=False)
    scopes: _Texts
    office: SeedOffice | None = None


class Seed(BaseModel):
    """The file that the local runtime writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clients: tuple[SeedClient, ...]
    accounts: tuple[SeedAccount, ...]


def read_seed(path: Path) -> Seed:
    """Read the file; raises OSError or ValueError, and the process does not start."""
    return Seed.model_validate(json.loads(path.read_text()))


async def load_seed(
    seed: Seed, region: RegionPack, passwords: Passwords, uow: UnitOfWork, now: datetime
) -> None:
    """Put every client, and open the accounts that are not there; raises NotInRegionPack, UnusableKey."""
    clients = ClientStore(uow.session)
    for listed in seed.clients:
        await _put(_client(listed, region, now), clients, now)
    accounts = AccountStore(uow.session)
    hashes: dict[str, str] = {}  # made-up persons may share a password, and each hash takes its time
    for person in seed.accounts:
        agency = region.agency(person.agency).uscc if person.agency else None
        known = await accounts.find_by_username(person.username)
        if known is not None:
            await accounts.set_scopes(known.subject, person.scopes, agency, _office(person))
            continue
        if person.password not in hashes:
            hashes[person.password] = await passwords.hash(person.password)
        kept = replace(_account(person, agency), password_hash=hashes[person.password])
        await accounts.open(kept, citizen_id=person.citizen_id, now=now)


async def _put(listed: Client, clients: ClientStore, now: datetime) -> None:
    """Add the client, or bring it up to date; its standing, and keys that it got since, stay."""
    if await clients.add(listed, now=now):
        return
    known = await clients.lock(listed.client_id)
    if known is None:
        return
    fresh = tuple(key for key in listed.keys if known.key(key.kid) is None)
    changed = replace(
        known,
        name=listed.name,
        scopes=listed.scopes,
        redirect_uris=listed.redirect_uris,
        post_logout_redirect_uris=listed.post_logout_redirect_uris,
        keys=(*known.keys, *fresh),
    )
    if changed != known:
        await clients.save(replace(changed, version=known.version + 1), now=now)


def _client(listed: SeedClient, region: RegionPack, now: datetime) -> Client:
    keys = () if listed.jwk is None else (client_key(listed.jwk, not_before=now),)
    return Client(
        client_id=listed.client_id,
        name=listed.name,
        kind=listed.kind,
        agency_uscc=region.agency(listed.agency).uscc if listed.agency else None,
        keys=keys,
        is_public=listed.jwk is None,
        registered_at=now,
        scopes=frozenset(listed.scopes),
        redirect_uris=listed.redirect_uris,
        post_logout_redirect_uris=listed.post_logout_redirect_uris,
    )


def _office(person: SeedAccount) -> Office | None:
    return Office(person.office.region, frozenset(person.office.posts)) if person.office else None


def _account(person: SeedAccount, agency_uscc: str | None) -> Account:
    return Account(
        subject=str(new_uuid7()),
        username=person.username,
        display_name=person.display_name,
        phone=person.phone,
        agency_uscc=agency_uscc,
        password_hash="",
        scopes=frozenset(person.scopes),
        office=_office(person),
    )
