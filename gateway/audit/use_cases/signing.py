"""The key of the audit log: made when there is none, replaced by age, its private half sealed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from gateway.audit.store.roots import KeyStore
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import SigningKey
from shared.security.sealing import Sealer

_PURPOSE: Final = "audit.signing-key"


@dataclass(frozen=True)
class LogKey:
    """The key that signs now; `oldest` is the age at which another takes its place."""

    sealer: Sealer
    oldest: timedelta

    @classmethod
    def of(cls, settings: GatewaySettings) -> Self:
        """By the gateway's secret and settings."""
        sealer = Sealer(settings.secret.get_secret_value().encode(), _PURPOSE)
        return cls(sealer, timedelta(days=settings.audit_key_days))

    async def signing(self, uow: UnitOfWork) -> SigningKey:
        """Return the key; the caller holds the lock under which intervals are closed. Raises: CannotUnseal."""
        store = KeyStore(uow.session)
        newest = await store.newest()
        if newest is not None and uow.now - newest[2] < self.oldest:
            kid, sealed, _ = newest
            return SigningKey.from_pem(self.sealer.unseal(sealed, kid.encode()))
        key = SigningKey.generate()
        await store.add(key.kid, key.public_jwk(), self.sealer.seal(key.to_pem(), key.kid.encode()), uow.now)
        return key
