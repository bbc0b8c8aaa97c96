"""An operator replaces the key that signs tokens: in good time, or at once because it is in strange hands."""

from dataclasses import dataclass
from datetime import timedelta

from gateway.identity.domain.key_ring import KeyRing, remove_compromised, rotate
from gateway.identity.published import key_recorded
from gateway.identity.store.key_ring import KeyRingStore
from gateway.identity.use_cases.tend_key_ring import new_key
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal
from shared.security.sealing import Sealer


@dataclass(frozen=True)
class RotateSigningKey:
    """By whom, and why: a compromised key is taken away, with all that it signed."""

    by: Principal
    published_for: timedelta
    is_compromised: bool = False


async def rotate_signing_key(command: RotateSigningKey, sealer: Sealer, uow: UnitOfWork) -> KeyRing:
    """Return the ring as it is then; raises RotationPending where the next key is to sign soon anyway."""
    store = KeyRingStore(uow.session)
    ring = await store.lock()
    if command.is_compromised:
        removed, successor = remove_compromised(ring, uow.now)
        changed, told, what = [removed, successor], removed, "removed_as_compromised"
        standby_is_left = ring.pending(uow.now) is not None
    else:
        successor = rotate(ring, uow.now, published_for=command.published_for)
        changed, told, what = [successor], successor, "rotated"
        standby_is_left = False
    if not standby_is_left:
        changed.append(new_key(sealer, uow.now))
    await store.put(*changed)
    uow.announce(key_recorded(told.kid, what, command.by, uow.now))
    return await store.read()
