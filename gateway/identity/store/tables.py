"""Tables of the identity part, in a registry of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class IdentityTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable))


def _texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


class ClientRow(IdentityTable, table=True):
    __tablename__ = "identity_client"

    client_id: str = Field(primary_key=True)
    name: str
    kind: str
    agency_uscc: str | None
    jwk: dict[str, str] | None = Field(sa_column=Column(JSONB(none_as_null=True)))
    scopes: list[str] = _texts()
    redirect_uris: list[str] = _texts()
    post_logout_redirect_uris: list[str] = _texts()
    changed_at: datetime = _instant()


class AccountRow(IdentityTable, table=True):
    __tablename__ = "identity_account"

    subject: str = Field(primary_key=True)
    username: str
    display_name: str
    citizen_id: str
    phone: str
    agency_uscc: str | None
    password_hash: str
    scopes: list[str] = _texts()
    opened_at: datetime = _instant()


class SignInFailureRow(IdentityTable, table=True):
    __tablename__ = "identity_sign_in_failure"

    name_digest: str = Field(primary_key=True)
    failures: int
    retry_at: datetime = _instant()


class SessionRow(IdentityTable, table=True):
    __tablename__ = "identity_session"

    id_digest: str = Field(primary_key=True)
    subject: str
    authenticated_at: datetime = _instant()
    expires_at: datetime = _instant()
    acr: str
    methods: list[str] = _texts()
    ended_at: datetime | None = _instant(nullable=True)


class ConsentRow(IdentityTable, table=True):
    __tablename__ = "identity_consent"

    subject: str = Field(primary_key=True)
    client_id: str = Field(primary_key=True)
    scopes: list[str] = _texts()
    given_at: datetime = _instant()


class GrantRow(IdentityTable, table=True):
    __tablename__ = "identity_grant"

    grant_id: UUID = Field(primary_key=True)
    subject: str
    client_id: str
    session_digest: str
    scopes: list[str] = _texts()
    authenticated_at: datetime = _instant()
    acr: str
    methods: list[str] = _texts()
    granted_at: datetime = _instant()
    withdrawn_at: datetime | None = _instant(nullable=True)
    withdrawn_because: str | None


class CodeRow(IdentityTable, table=True):
    __tablename__ = "identity_code"

    code_digest: str = Field(primary_key=True)
    grant_id: UUID
    redirect_uri: str
    challenge: str
    nonce: str | None
    expires_at: datetime = _instant()
    used_at: datetime | None = _instant(nullable=True)


class RefreshTokenRow(IdentityTable, table=True):
    __tablename__ = "identity_refresh_token"

    token_digest: str = Field(primary_key=True)
    grant_id: UUID
    expires_at: datetime = _instant()
    used_at: datetime | None = _instant(nullable=True)


class WithdrawalRow(IdentityTable, table=True):
    __tablename__ = "identity_withdrawal"

    digest: str = Field(primary_key=True)
    issued_until: datetime = _instant()
    forgotten_at: datetime = _instant()


class AssertionRow(IdentityTable, table=True):
    __tablename__ = "identity_assertion"

    client_id: str = Field(primary_key=True)
    assertion_id: str = Field(primary_key=True)
    expires_at: datetime = _instant()
