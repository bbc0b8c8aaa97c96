"""See that one key signs, one stands by, and those whose time is over go."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.identity.domain.key_ring import RingKey, is_due, put_away, rotate
from gateway.identity.store.key_ring import KeyRingStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.keys import SigningKey
from shared.security.sealing import Sealer


@dataclass(frozen=True)
class KeyPolicy:
    """How long a key is published before it signs, and how long it signs at most."""

    published_for: timedelta
    oldest: timedelta


async def tend_key_ring(
    uow: UnitOfWork, sealer: Sealer, *, first: SigningKey | None = None, policy: KeyPolicy | None = None
) -> int:
    """Change what is due, and return how many keys that were; without a policy no key is too old.

    `first` signs where there never was a key; otherwise one is made.
    """
    store = KeyRingStore(uow.session)
    ring = await store.lock()
    changed = list(put_away(ring, uow.now))
    if ring.active(uow.now) is None:
        beginning = first if first is not None and not ring.keys else SigningKey.generate()
        changed.append(replace(_sealed(beginning, sealer, uow.now), signs_from=uow.now))
    if ring.standby is None:
        changed.append(new_key(sealer, uow.now))
    elif policy is not None and is_due(ring, uow.now, oldest=policy.oldest):
        changed += [rotate(ring, uow.now, published_for=policy.published_for), new_key(sealer, uow.now)]
    await store.put(*changed)
    return len(changed)


def new_key(sealer: Sealer, now: datetime) -> RingKey:
    """Make a key that stands by."""
    return _sealed(SigningKey.generate(), sealer, now)


def _sealed(key: SigningKey, sealer: Sealer, now: datetime) -> RingKey:
    sealed = sealer.seal(key.to_pem(), key.kid.encode())
    return RingKey(key.kid, key.public_jwk(), published_at=now, sealed=sealed)
