"""The keys of this process: what signs now, and what verifies, as the ring in the database says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from gateway.identity.domain.key_ring import KeyRing, RemovalReason, RingKey
from gateway.identity.store.key_ring import KeyRingStore
from gateway.identity.use_cases.tend_key_ring import KeyPolicy, tend_key_ring
from gateway.settings import GatewaySettings
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import SigningKey, VerificationKey
from shared.security.sealing import CannotUnseal, Sealer
from shared.security.tokens import PreparedKey, prepare_key

_PURPOSE: Final = "identity.signing-key"


@dataclass(eq=False)
class NoSigningKey(Exception):
    """The ring was not read yet, or has no key: nothing can be signed."""


class SigningKeys:
    """A process's copy of the ring; refreshed from the database again and again.

    `removals` grows whenever a key is taken away: what was verified before must be verified again.
    """

    def __init__(self, sealer: Sealer, first: SigningKey | None = None) -> None:
        self.sealer = sealer
        self.removals = 0
        self._first = first
        self._ring = KeyRing(())
        self._private: dict[str, SigningKey] = {}
        self._prepared: dict[str, PreparedKey] = {}

    @classmethod
    def of(cls, key: SigningKey, sealer: Sealer, *, since: datetime) -> Self:
        """Keys that are this one alone."""
        keys = cls(sealer)
        keys.replace(KeyRing((RingKey(key.kid, key.public_jwk(), since, signs_from=since),)), [key])
        return keys

    async def prepare(self, uow: UnitOfWork) -> None:
        """Make the ring where there is none, and read it; raises CannotUnseal."""
        await tend_key_ring(uow, self.sealer, first=self._first)
        await self.refresh(uow)

    async def refresh(self, uow: UnitOfWork) -> None:
        """Read the ring; raises CannotUnseal where the gateway's secret is another than it was."""
        ring = await KeyRingStore(uow.session).read()
        private = (self._private_half(key) for key in ring.published)
        self.replace(ring, [key for key in private if key is not None])

    def replace(self, ring: KeyRing, private: Iterable[SigningKey]) -> None:
        """Take over what was read anew."""
        published = {key.kid: key for key in ring.published}
        if not self._prepared.keys() <= published.keys():
            self.removals += 1
        self._prepared = {
            kid: self._prepared.get(kid) or prepare_key(key.public_jwk) for kid, key in published.items()
        }
        self._private = {key.kid: key for key in private}
        self._ring = ring

    def signing(self, now: datetime) -> SigningKey:
        """Return the key that signs; raises NoSigningKey."""
        active = self._ring.active(now)
        key = self._private.get(active.kid) if active else None
        if key is None:
            raise NoSigningKey
        return key

    def public(self) -> list[dict[str, str]]:
        """The published keys as JWKs."""
        return [dict(key.public_jwk) for key in self._ring.published]

    async def find(self, kid: str) -> PreparedKey | None:
        """Return a published key."""
        return self._prepared.get(kid)

    def former(self, kid: str) -> VerificationKey | None:
        """Return a key that was ever ours and never in strange hands: for what may be old, such as a hint."""
        found = next((key for key in self._ring.keys if key.kid == kid), None)
        if found is None or found.removed_because is RemovalReason.COMPROMISED:
            return None
        return VerificationKey.from_jwk(found.public_jwk)

    def _private_half(self, key: RingKey) -> SigningKey | None:
        """Open a private half, once."""
        if key.sealed is None:
            return None
        known = self._private.get(key.kid)
        if known is not None:
            return known
        try:
            return SigningKey.from_pem(self.sealer.unseal(key.sealed, key.kid.encode()))
        except CannotUnseal as error:
            error.add_note(
                "the gateway's secret is not the one under which its keys were sealed: see docs/runbook.md, Keys"
            )
            raise


class TendKeyRing:
    """The sweep that keeps the ring in order, by the settings' policy."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._sealer = sealer_of(settings)
        self._first = first_key(settings)
        self._policy = KeyPolicy(
            published_for=timedelta(seconds=settings.key_publication_seconds),
            oldest=timedelta(days=settings.key_days),
        )

    async def __call__(self, uow: UnitOfWork) -> int:
        """Return how many keys were changed."""
        return await tend_key_ring(uow, self._sealer, first=self._first, policy=self._policy)


def first_key(settings: GatewaySettings) -> SigningKey | None:
    """The key with which a ring begins, whichever process begins it; raises UnusableKey or OSError."""
    file = settings.signing_key_file
    return SigningKey.from_pem(file.read_bytes()) if file is not None else None


def sealer_of(settings: GatewaySettings) -> Sealer:
    """What seals private halves in the database."""
    return Sealer(settings.secret.get_secret_value().encode(), _PURPOSE)
