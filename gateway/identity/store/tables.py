"""Tables of the identity part, in a registry of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant, texts
from shared.identifiers.uuid7 import new_uuid7


class IdentityTable(SQLModel, registry=registry()):
    """Base of the part's table classes; they live in `store/` and never leave it."""


class AccountRow(IdentityTable, table=True):
    __tablename__ = "identity_account"

    subject: str = Field(primary_key=True)
    username: str
    display_name: str
    citizen_id: str
    phone: str
    agency_uscc: str | None
    password_hash: str | None
    scopes: list[str] = texts()
    opened_at: datetime = instant()
    must_change_password: bool = False
    closed_at: datetime | None = instant(nullable=True)
    version: int = 1
    office_region: str | None = None
    office_posts: list[str] = texts()


class SignInFailureRow(IdentityTable, table=True):
    __tablename__ = "identity_sign_in_failure"

    name_digest: str = Field(primary_key=True)
    failures: int
    retry_at: datetime = instant()


class SessionRow(IdentityTable, table=True):
    __tablename__ = "identity_session"

    id_digest: str = Field(primary_key=True)
    subject: str
    authenticated_at: datetime = instant()
    expires_at: datetime = instant()
    acr: str
    methods: list[str] = texts()
    ended_at: datetime | None = instant(nullable=True)
    session_id: UUID
    device: str


class ConsentRow(IdentityTable, table=True):
    __tablename__ = "identity_consent"

    subject: str = Field(primary_key=True)
    client_id: str = Field(primary_key=True)
    consent_id: UUID = Field(default_factory=new_uuid7)
    scopes: list[str] = texts()
    given_at: datetime = instant()


class GrantRow(IdentityTable, table=True):
    __tablename__ = "identity_grant"

    grant_id: UUID = Field(primary_key=True)
    subject: str
    client_id: str
    session_digest: str
    scopes: list[str] = texts()
    authenticated_at: datetime = instant()
    acr: str
    methods: list[str] = texts()
    granted_at: datetime = instant()
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawn_because: str | None


class CodeRow(IdentityTable, table=True):
    __tablename__ = "identity_code"

    code_digest: str = Field(primary_key=True)
    grant_id: UUID
    redirect_uri: str
    challenge: str
    nonce: str | None
    key_thumbprint: str | None
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class RefreshTokenRow(IdentityTable, table=True):
    __tablename__ = "identity_refresh_token"

    token_digest: str = Field(primary_key=True)
    grant_id: UUID
    key_thumbprint: str | None
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class WithdrawalRow(IdentityTable, table=True):
    __tablename__ = "identity_withdrawal"

    digest: str = Field(primary_key=True)
    issued_until: datetime = instant()
    forgotten_at: datetime = instant()


class AssertionRow(IdentityTable, table=True):
    __tablename__ = "identity_assertion"

    client_id: str = Field(primary_key=True)
    assertion_id: str = Field(primary_key=True)
    expires_at: datetime = instant()
