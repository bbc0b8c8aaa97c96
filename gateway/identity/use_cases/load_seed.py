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
from gateway.identity.use_cases.passwords import Passwords
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7
from shared.region import RegionPack
from shared.security.keys import VerificationKey

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
        await clients.put(_client(listed, region), now=now)
    accounts = AccountStore(uow.session)
    for person in seed.accounts:
        agency = region.agency(person.agency).uscc if person.agency else None
        known = await accounts.find_by_username(person.username)
        if known is not None:
            await accounts.set_scopes(known.subject, person.scopes, agency)
            continue
        account = _account(person, agency)
        kept = replace(account, password_hash=await passwords.hash(person.password))
        await accounts.open(kept, citizen_id=person.citizen_id, now=now)


def _client(listed: SeedClient, region: RegionPack) -> Client:
    if listed.jwk is not None:
        VerificationKey.from_jwk(listed.jwk)
    return Client(
        client_id=listed.client_id,
        name=listed.name,
        kind=listed.kind,
        agency_uscc=region.agency(listed.agency).uscc if listed.agency else None,
        jwk=listed.jwk,
        scopes=frozenset(listed.scopes),
        redirect_uris=listed.redirect_uris,
        post_logout_redirect_uris=listed.post_logout_redirect_uris,
    )


def _account(person: SeedAccount, agency_uscc: str | None) -> Account:
    return Account(
        subject=str(new_uuid7()),
        username=person.username,
        display_name=person.display_name,
        phone=person.phone,
        agency_uscc=agency_uscc,
        password_hash="",
        scopes=frozenset(person.scopes),
    )
