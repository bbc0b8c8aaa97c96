"""Clients, and the assertions by which they proved themselves."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.identity.domain.clients import Client, ClientKind
from gateway.identity.store.tables import AssertionRow, ClientRow


class ClientStore:
    """Rows to clients and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, client_id: str) -> Client | None:
        """Return the client of this id."""
        row = await self._session.get(ClientRow, client_id)
        return None if row is None else _client(row)

    async def put(self, client: Client, *, now: datetime) -> None:
        """Register the client, or bring its registration up to date."""
        values = {
            "name": client.name,
            "kind": client.kind.value,
            "agency_uscc": client.agency_uscc,
            "jwk": dict(client.jwk) if client.jwk else None,
            "scopes": sorted(client.scopes),
            "redirect_uris": list(client.redirect_uris),
            "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
            "changed_at": now,
        }
        statement = insert(ClientRow).values(client_id=client.client_id, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["client_id"], set_=values)
        )

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


def _client(row: ClientRow) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        kind=ClientKind(row.kind),
        agency_uscc=row.agency_uscc,
        jwk=row.jwk,
        scopes=frozenset(row.scopes),
        redirect_uris=tuple(row.redirect_uris),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
    )
