"""The keys that sign tokens, one after another: a key is published before it signs and as long as what it signed lives.

A key's state follows from its times alone, so that all gateway processes agree without asking one another:

    upcoming --signs_from--> active --signs_from of the next--> retired --last token expired--> removed
    any of them --compromised--> removed
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

# Longer than the life of any token, the leeway of verifiers and the clocks of several processes together.
OUTLIVES_ITS_TOKENS = timedelta(minutes=12)


class KeyState(StrEnum):
    """Where a key stands."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    RETIRED = "retired"
    REMOVED = "removed"


class RemovalReason(StrEnum):
    """Why a key is not published any more."""

    EXPIRED = "expired"
    COMPROMISED = "compromised"


@dataclass(eq=False)
class RotationPending(Exception):
    """The next key is about to sign: there is nothing to hurry."""

    signs_from: datetime


@dataclass(frozen=True)
class RingKey:
    """A key of the ring; `sealed` is its private half, gone once it will sign no more."""

    kid: str
    public_jwk: Mapping[str, str]
    published_at: datetime
    signs_from: datetime | None = None
    removed_at: datetime | None = None
    removed_because: RemovalReason | None = None
    sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class KeyRing:
    """All keys there ever were, oldest first."""

    keys: tuple[RingKey, ...]

    @property
    def published(self) -> tuple[RingKey, ...]:
        """The keys whose signatures are good."""
        return tuple(key for key in self.keys if key.removed_at is None)

    @property
    def standby(self) -> RingKey | None:
        """The key that is published so that it can sign whenever it must."""
        return next((key for key in self.published if key.signs_from is None), None)

    def active(self, now: datetime) -> RingKey | None:
        """The key that signs; where clocks have not come to the first one yet, that one."""
        dated = _by_start(self.published)
        begun = [key for start, key in dated if start <= now]
        return begun[-1] if begun else (dated[0][1] if dated else None)

    def pending(self, now: datetime) -> RingKey | None:
        """The key that will sign from a time that is set."""
        return next((key for start, key in _by_start(self.published) if start > now), None)

    def state_of(self, key: RingKey, now: datetime) -> KeyState:
        """Where a key stands."""
        active = self.active(now)
        if key.removed_at is not None:
            return KeyState.REMOVED
        if active is not None and key.kid == active.kid:
            return KeyState.ACTIVE
        is_retired = key.signs_from is not None and key.signs_from <= now
        return KeyState.RETIRED if is_retired else KeyState.UPCOMING

    def retired_since(self, key: RingKey, now: datetime) -> datetime | None:
        """When another key began to sign in this one's place."""
        if self.state_of(key, now) is not KeyState.RETIRED:
            return None
        starts = (start for start, other in _by_start(self.keys) if other.kid != key.kid)
        return min((s for s in starts if key.signs_from and key.signs_from < s <= now), default=None)


def rotate(ring: KeyRing, now: datetime, *, published_for: timedelta) -> RingKey:
    """Return the standby with the time from which it signs: once every verifier has surely seen it.

    Raises: RotationPending where a change is under way; LookupError for a ring without a standby.
    """
    pending = ring.pending(now)
    if pending is not None and pending.signs_from is not None:
        raise RotationPending(pending.signs_from)
    standby = _standby(ring)
    return replace(standby, signs_from=max(now, standby.published_at + published_for))


def remove_compromised(ring: KeyRing, now: datetime) -> tuple[RingKey, RingKey]:
    """Return the active key, removed, and the next, which signs at once; raises LookupError."""
    active, successor = ring.active(now), ring.pending(now) or _standby(ring)
    if active is None:
        raise LookupError("no key signs")
    removed = replace(active, removed_at=now, removed_because=RemovalReason.COMPROMISED, sealed=None)
    return removed, replace(successor, signs_from=now)


def put_away(ring: KeyRing, now: datetime) -> tuple[RingKey, ...]:
    """Return the keys to change because their time is over: private halves forgotten, expired ones removed."""
    changed = []
    for key in ring.published:
        since = ring.retired_since(key, now)
        if since is None:
            continue
        if since + OUTLIVES_ITS_TOKENS <= now:
            changed.append(replace(key, removed_at=now, removed_because=RemovalReason.EXPIRED, sealed=None))
        elif key.sealed is not None and since + timedelta(minutes=1) <= now:
            changed.append(replace(key, sealed=None))
    return tuple(changed)


def is_due(ring: KeyRing, now: datetime, *, oldest: timedelta) -> bool:
    """Tell whether the active key has signed long enough."""
    active = ring.active(now)
    begun = active.signs_from if active else None
    return begun is not None and begun + oldest <= now and ring.pending(now) is None


def _standby(ring: KeyRing) -> RingKey:
    if ring.standby is None:
        raise LookupError("the ring has no standby")
    return ring.standby


def _by_start(keys: Iterable[RingKey]) -> list[tuple[datetime, RingKey]]:
    dated = [(key.signs_from, key) for key in keys if key.signs_from is not None]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].kid))
