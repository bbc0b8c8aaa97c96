"""Tables of accounts beyond the account itself: second factors, sign-ins under way, links, what happened."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant, texts


class SecondFactorRow(IdentityTable, table=True):
    __tablename__ = "identity_second_factor"

    subject: str = Field(primary_key=True)
    sealed_secret: bytes
    begun_at: datetime = instant()
    confirmed_at: datetime | None = instant(nullable=True)
    last_step: int


class RecoveryCodeRow(IdentityTable, table=True):
    __tablename__ = "identity_recovery_code"

    subject: str = Field(primary_key=True)
    code_digest: str = Field(primary_key=True)
    used_at: datetime | None = instant(nullable=True)


class PendingSignInRow(IdentityTable, table=True):
    __tablename__ = "identity_pending_sign_in"

    id_digest: str = Field(primary_key=True)
    subject: str
    acr: str
    methods: list[str] = texts()
    expires_at: datetime = instant()


class AccountLinkRow(IdentityTable, table=True):
    __tablename__ = "identity_account_link"

    subject: str = Field(primary_key=True)
    link_digest: str
    purpose: str
    drops_second_factor: bool
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class AccountEventRow(IdentityTable, table=True):
    __tablename__ = "identity_account_event"

    event_id: UUID = Field(primary_key=True)
    subject: str
    what: str
    methods: list[str] = texts()
    device: str
    at: datetime = instant()


class FaceCheckRow(IdentityTable, table=True):
    __tablename__ = "identity_face_check"

    request_id: UUID = Field(primary_key=True)
    check_id: str
    session_id: UUID
    subject: str
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
