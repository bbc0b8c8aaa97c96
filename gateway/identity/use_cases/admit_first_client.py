"""A new installation's first client: the data bureau's, which registers all others."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from gateway.identity.domain.client_refusals import ClientIdTaken
from gateway.identity.domain.clients import Client, ClientKind
from gateway.identity.domain.entitlements import scopes_for
from gateway.identity.store.clients import ClientStore
from gateway.identity.use_cases.client_keys import client_key
from gateway.identity.use_cases.register_client import check_client
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack

MANAGES_CLIENTS: Final = "identity.client.manage"


class FirstClient(BaseModel):
    """What the file says: the client's id, its agency by key or credit code, its public key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: Annotated[str, Field(min_length=3, max_length=64, pattern=r"^[a-z][a-z0-9_-]*$")]
    agency: str
    jwk: dict[str, str]


def read_first_client(path: Path) -> FirstClient:
    """Read the file; raises OSError or ValueError, and the process does not start."""
    return FirstClient.model_validate(json.loads(path.read_text()))


async def admit_first_client(
    first: FirstClient, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Client | None:
    """Register the client, unless one that registers clients is there already.

    Raises: NotInRegionPack; UnusableKey; ClientNotPossible where the agency is not the data bureau; ClientIdTaken.
    """
    store = ClientStore(uow.session)
    if await store.anyone_holds(MANAGES_CLIENTS):
        return None
    agency = region.agency_by_uscc(first.agency) or region.agency(first.agency)
    own = {
        scope
        for scope in scopes_for(ClientKind.AGENCY, [duty.key for duty in agency.duties])
        if scope.startswith("identity.")
    }
    client = Client(
        client_id=first.client_id,
        name=agency.name.zh,
        kind=ClientKind.AGENCY,
        agency_uscc=agency.uscc,
        scopes=frozenset(own | {MANAGES_CLIENTS}),
        keys=(client_key(first.jwk, not_before=now),),
        registered_at=now,
    )
    check_client(client, region)
    if not await store.add(client, now=now):
        raise ClientIdTaken(first.client_id)
    return client
