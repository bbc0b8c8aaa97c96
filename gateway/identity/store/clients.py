"""Clients with their keys, and the assertions by which they proved themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.clients import (
    Client,
    ClientKey,
    ClientKind,
    Environment,
    RateTier,
    Standing,
)
from gateway.identity.store.client_tables import ClientKeyRow, ClientRow
from gateway.identity.store.tables import AssertionRow


@dataclass(frozen=True)
class ClientFilters:
    """Which clients are asked for; what is None does not narrow."""

    agency_uscc: str | None = None
    kind: ClientKind | None = None
    environment: Environment | None = None
    standing: Standing | None = None


class ClientStore:
    """Rows to clients and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, client_id: str) -> Client | None:
        """Return the client of this id, served or not."""
        return await self._whole(await self._session.get(ClientRow, client_id))

    async def find_served(self, client_id: str, now: datetime) -> Client | None:
        """Return the client of this id, unless it is suspended, closed or over."""
        client = await self.find(client_id)
        return client if client is not None and client.is_served(now) else None

    async def lock(self, client_id: str) -> Client | None:
        """Return a client that nobody else changes until the transaction ends."""
        row = await self._session.get(ClientRow, client_id, with_for_update=True, populate_existing=True)
        return await self._whole(row)

    async def add(self, client: Client, *, now: datetime) -> bool:
        """Keep a new client; False where the id is taken."""
        statement = (
            insert(ClientRow)
            .values(client_id=client.client_id, **_values(client, now))
            .on_conflict_do_nothing()
            .returning(col(ClientRow.client_id))
        )
        is_new = (await self._session.execute(statement)).first() is not None
        if is_new:
            await self._keep_keys(client)
        return is_new

    async def save(self, client: Client, *, now: datetime) -> None:
        """Keep what became of a client that was locked."""
        await self._session.execute(
            update(ClientRow)
            .where(col(ClientRow.client_id) == client.client_id)
            .values(_values(client, now))
            .execution_options(synchronize_session=False)
        )
        await self._keep_keys(client)

    async def page(self, filters: ClientFilters, *, after: str | None, limit: int) -> list[Client]:
        """Return a page of clients in the order of their ids."""
        chosen = select(ClientRow).order_by(col(ClientRow.client_id)).limit(limit)
        if after is not None:
            chosen = chosen.where(col(ClientRow.client_id) > after)
        for column, value in (
            (col(ClientRow.agency_uscc), filters.agency_uscc),
            (col(ClientRow.kind), filters.kind),
            (col(ClientRow.environment), filters.environment),
            (col(ClientRow.standing), filters.standing),
        ):
            if value is not None:
                chosen = chosen.where(column == str(value))
        rows = (await self._session.scalars(chosen)).all()
        keys = await self._keys(*(row.client_id for row in rows))
        return [_client(row, keys.get(row.client_id, ())) for row in rows]

    async def anyone_holds(self, scope: str) -> bool:
        """Tell whether any active client with a key is registered for a scope."""
        found = await self._session.execute(
            select(col(ClientRow.client_id))
            .where(
                col(ClientRow.scopes).contains([scope]),
                col(ClientRow.standing) == Standing.ACTIVE.value,
                col(ClientRow.is_public).is_(False),
            )
            .limit(1)
        )
        return found.first() is not None

    async def tiers(self) -> dict[str, RateTier]:
        """Return the tier of every client that has another than the standard one."""
        found = await self._session.execute(
            select(col(ClientRow.client_id), col(ClientRow.tier)).where(
                col(ClientRow.tier) != RateTier.STANDARD.value
            )
        )
        return {client_id: RateTier(tier) for client_id, tier in found}

    async def redirect_uris_of_served_apps(self, now: datetime) -> set[str]:
        """Return where apps send people back to, unless they are suspended, closed or over."""
        ends = col(ClientRow.expires_at)
        found = await self._session.scalars(
            select(col(ClientRow.redirect_uris)).where(
                col(ClientRow.kind) == ClientKind.APP.value,
                col(ClientRow.standing) == Standing.ACTIVE.value,
                or_(ends.is_(None), ends > now),
            )
        )
        return {uri for uris in found for uri in uris}

    async def take_note_of_assertion(self, client_id: str, assertion_id: str, until: datetime) -> bool:
        """Write an assertion's id down; False where it was used before."""
        statement = (
            insert(AssertionRow)
            .values(client_id=client_id, assertion_id=assertion_id, expires_at=until)
            .on_conflict_do_nothing()
            .returning(col(AssertionRow.assertion_id))
        )
        return (await self._session.execute(statement)).first() is not None

    async def forget_assertions(self, before: datetime) -> None:
        """Forget assertions that are too old to be accepted again."""
        await self._session.execute(delete(AssertionRow).where(col(AssertionRow.expires_at) < before))

    async def _whole(self, row: ClientRow | None) -> Client | None:
        if row is None:
            return None
        keys = await self._keys(row.client_id)
        return _client(row, keys.get(row.client_id, ()))

    async def _keys(self, *client_ids: str) -> dict[str, tuple[ClientKey, ...]]:
        rows = await self._session.scalars(
            select(ClientKeyRow)
            .where(col(ClientKeyRow.client_id).in_(client_ids))
            .order_by(col(ClientKeyRow.not_before), col(ClientKeyRow.kid))
            .execution_options(populate_existing=True)
        )
        found: dict[str, tuple[ClientKey, ...]] = {}
        for row in rows:
            key = ClientKey(row.kid, row.jwk, row.not_before, row.not_after, row.removed_at)
            found[row.client_id] = (*found.get(row.client_id, ()), key)
        return found

    async def _keep_keys(self, client: Client) -> None:
        for key in client.keys:
            values = {"not_after": key.not_after, "removed_at": key.removed_at}
            statement = insert(ClientKeyRow).values(
                client_id=client.client_id,
                kid=key.kid,
                jwk=dict(key.jwk),
                not_before=key.not_before,
                **values,
            )
            await self._session.execute(
                statement.on_conflict_do_update(index_elements=["client_id", "kid"], set_=values)
            )


def _values(client: Client, now: datetime) -> dict[str, Any]:
    return {
        "name": client.name,
        "kind": client.kind.value,
        "agency_uscc": client.agency_uscc,
        "scopes": sorted(client.scopes),
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "is_public": client.is_public,
        "environment": client.environment.value,
        "standing": client.standing.value,
        "standing_reason": client.standing_reason,
        "tier": client.tier.value,
        "region_code": client.region_code,
        "expires_at": client.expires_at,
        "requires_pushed_requests": client.requires_pushed_requests,
        "requires_dpop": client.requires_dpop,
        "registered_at": client.registered_at,
        "changed_at": now,
        "version": client.version,
    }


def _client(row: ClientRow, keys: tuple[ClientKey, ...]) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        kind=ClientKind(row.kind),
        agency_uscc=row.agency_uscc,
        scopes=frozenset(row.scopes),
        redirect_uris=tuple(row.redirect_uris),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        keys=keys,
        is_public=row.is_public,
        environment=Environment(row.environment),
        standing=Standing(row.standing),
        standing_reason=row.standing_reason,
        tier=RateTier(row.tier),
        region_code=row.region_code,
        expires_at=row.expires_at,
        requires_pushed_requests=row.requires_pushed_requests,
        requires_dpop=row.requires_dpop,
        registered_at=row.registered_at,
        version=row.version,
    )
