"""Tables of clients, their keys and the systems that they connect."""

from datetime import date, datetime

from sqlalchemy import Column, Date
from sqlmodel import Field

from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant, json_document, texts


class ClientRow(IdentityTable, table=True):
    __tablename__ = "identity_client"

    client_id: str = Field(primary_key=True)
    name: str
    kind: str
    agency_uscc: str | None
    scopes: list[str] = texts()
    redirect_uris: list[str] = texts()
    post_logout_redirect_uris: list[str] = texts()
    is_public: bool
    environment: str
    standing: str
    standing_reason: str | None
    tier: str
    region_code: str | None
    expires_at: datetime | None = instant(nullable=True)
    requires_pushed_requests: bool = False
    requires_dpop: bool = False
    registered_at: datetime | None = instant(nullable=True)
    changed_at: datetime = instant()
    version: int


class ClientKeyRow(IdentityTable, table=True):
    __tablename__ = "identity_client_key"

    client_id: str = Field(primary_key=True)
    kid: str = Field(primary_key=True)
    jwk: dict[str, str] = json_document()
    not_before: datetime = instant()
    not_after: datetime | None = instant(nullable=True)
    removed_at: datetime | None = instant(nullable=True)


class SystemRow(IdentityTable, table=True):
    __tablename__ = "identity_system"

    system_id: str = Field(primary_key=True)
    name: str
    agency_uscc: str
    level: str
    link: str
    client_id: str | None
    planned_on: date | None = Field(sa_column=Column(Date))
    connected_since: datetime | None = instant(nullable=True)
    last_heartbeat_at: datetime | None = instant(nullable=True)
    version: int
