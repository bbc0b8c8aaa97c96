"""Issuers on the trust list, withdrawn ones among them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from gateway.identity.domain.trusted_issuers import (
    IssuerListedAlready,
    IssuerState,
    TrustedIssuer,
    TrustedIssuerNotFound,
    Withdrawal,
    fingerprint_of,
)
from gateway.identity.store.tables import IdentityTable
from shared.database.columns import instant


class TrustedIssuerRow(IdentityTable, table=True):
    __tablename__ = "identity_trusted_issuer"

    issuer_id: UUID = Field(primary_key=True)
    name: str
    certificate: bytes
    fingerprint: str
    distinguished_name: str
    valid_from: datetime = instant()
    valid_until: datetime = instant()
    listed_at: datetime = instant()
    listed_by: str
    withdrawn_from: datetime | None = instant(nullable=True)
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawn_by: str | None
    withdrawn_because: str | None
    version: int


class TrustedIssuerStore:
    """Rows to issuers and back."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, issuer: TrustedIssuer) -> None:
        """Put an issuer on the list. Raises: IssuerListedAlready."""
        certificate = issuer.x509()
        statement = insert(TrustedIssuerRow).values(
            issuer_id=issuer.issuer_id,
            name=issuer.name,
            certificate=issuer.certificate,
            fingerprint=fingerprint_of(certificate),
            distinguished_name=certificate.subject.rfc4514_string(),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            listed_at=issuer.listed_at,
            listed_by=issuer.listed_by,
            version=issuer.version,
        )
        added = await self._session.scalar(
            statement.on_conflict_do_nothing().returning(col(TrustedIssuerRow.issuer_id))
        )
        if added is None:
            raise IssuerListedAlready

    async def read(self, issuer_id: UUID, *, lock: bool = False) -> TrustedIssuer:
        """Return an issuer, for change if asked. Raises: TrustedIssuerNotFound."""
        row = await self._session.get(TrustedIssuerRow, issuer_id, with_for_update=lock)
        if row is None:
            raise TrustedIssuerNotFound(str(issuer_id))
        return _issuer(row)

    async def save_withdrawal(self, issuer: TrustedIssuer, withdrawal: Withdrawal) -> None:
        """Keep that an issuer was withdrawn."""
        await self._session.execute(
            update(TrustedIssuerRow)
            .where(col(TrustedIssuerRow.issuer_id) == issuer.issuer_id)
            .values(
                withdrawn_from=withdrawal.effective_from,
                withdrawn_at=withdrawal.at,
                withdrawn_by=withdrawal.by,
                withdrawn_because=withdrawal.because,
                version=issuer.version,
            )
        )

    async def page(
        self, state: IssuerState | None, after: UUID | None, limit: int, now: datetime
    ) -> list[TrustedIssuer]:
        """Return a page of the list, the oldest entry first."""
        chosen = select(TrustedIssuerRow).order_by(col(TrustedIssuerRow.issuer_id)).limit(limit)
        if state is not None:
            chosen = chosen.where(_counts(now) if state is IssuerState.LISTED else ~_counts(now))
        if after is not None:
            chosen = chosen.where(col(TrustedIssuerRow.issuer_id) > after)
        return [_issuer(row) for row in await self._session.scalars(chosen)]

    async def trusted(self, now: datetime) -> list[TrustedIssuer]:
        """Return every issuer whose certificates count now."""
        rows = await self._session.scalars(select(TrustedIssuerRow).where(_counts(now)))
        return [_issuer(row) for row in rows]


def _counts(now: datetime) -> ColumnElement[bool]:
    return or_(col(TrustedIssuerRow.withdrawn_from).is_(None), col(TrustedIssuerRow.withdrawn_from) > now)


def _issuer(row: TrustedIssuerRow) -> TrustedIssuer:
    withdrawal = None
    if row.withdrawn_from is not None and row.withdrawn_at is not None:
        withdrawal = Withdrawal(
            row.withdrawn_from, row.withdrawn_because or "", row.withdrawn_by or "", row.withdrawn_at
        )
    return TrustedIssuer(
        row.issuer_id, row.name, row.certificate, row.listed_at, row.listed_by, withdrawal, row.version
    )
