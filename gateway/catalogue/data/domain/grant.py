"""A grant (授权): which agency may read which fields of a resource, for which purpose, where, how and until when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.errors import ActionNotAllowed
from shared.sharing.deciding import Way


class GrantStatus(StrEnum):
    """Where a grant stands. What has run out counts as expired at once, before the sweep that announces it."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class GrantAction(StrEnum):
    """What may be done to a grant."""

    NARROW = "narrow"
    SUSPEND = "suspend"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


TRANSITIONS: Final[Mapping[tuple[GrantStatus, GrantAction], GrantStatus]] = MappingProxyType(
    {
        (GrantStatus.ISSUED, GrantAction.NARROW): GrantStatus.ISSUED,
        (GrantStatus.ISSUED, GrantAction.SUSPEND): GrantStatus.SUSPENDED,
        (GrantStatus.ISSUED, GrantAction.WITHDRAW): GrantStatus.WITHDRAWN,
        (GrantStatus.ISSUED, GrantAction.EXPIRE): GrantStatus.EXPIRED,
        (GrantStatus.SUSPENDED, GrantAction.NARROW): GrantStatus.SUSPENDED,
        (GrantStatus.SUSPENDED, GrantAction.RESUME): GrantStatus.ISSUED,
        (GrantStatus.SUSPENDED, GrantAction.WITHDRAW): GrantStatus.WITHDRAWN,
        (GrantStatus.SUSPENDED, GrantAction.EXPIRE): GrantStatus.EXPIRED,
    }
)
LIVING: Final = (GrantStatus.ISSUED, GrantStatus.SUSPENDED)


@dataclass(frozen=True)
class Terms:
    """What is granted. Fields are named one by one: the least that the purpose needs (最小化, DS-14).

    No `regions` means the whole region, no `scenes` (场景) any scene. `needs_consent`: only with the living consent of
    whom the record is about (DS-16, DS-27); `needs_case_number`: each reading names the case that it is for (DS-26).
    """

    agency_uscc: str
    resource: str
    fields: tuple[str, ...]
    purpose: str
    valid_until: datetime
    regions: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    ways: tuple[Way, ...] = (Way.COPY,)
    needs_consent: bool = False
    needs_case_number: bool = False
    basis: str | None = None


@dataclass(frozen=True)
class Seed:
    """Where a grant of the region pack comes from, and the digest of what the pack said of it."""

    key: str
    digest: str


@dataclass(frozen=True)
class Grant:
    """A grant and its life so far; actors are references."""

    grant_id: UUID
    terms: Terms
    status: GrantStatus
    issued_by: str
    issued_at: datetime
    suspended_because: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    seed: Seed | None = None
    version: int = 1

    def status_at(self, now: datetime) -> GrantStatus:
        """Return the status as it counts at an instant."""
        if self.status in LIVING and self.terms.valid_until <= now:
            return GrantStatus.EXPIRED
        return self.status


def narrow(grant: Grant, terms: Terms, *, at: datetime) -> Grant:
    """Hold the agency to less than it had; `terms` were found narrower. Raises: ActionNotAllowed."""
    return replace(_advance(grant, GrantAction.NARROW, at), terms=terms)


def suspend(grant: Grant, reason: str, *, at: datetime) -> Grant:
    """Stop a grant until it is resumed or ends. Raises: ActionNotAllowed."""
    return replace(_advance(grant, GrantAction.SUSPEND, at), suspended_because=reason)


def resume(grant: Grant, *, at: datetime) -> Grant:
    """Let a suspended grant hold again. Raises: ActionNotAllowed."""
    return replace(_advance(grant, GrantAction.RESUME, at), suspended_because=None)


def withdraw(grant: Grant, *, by: str, at: datetime) -> Grant:
    """Withdraw a grant; services refuse it from the moment that they hear of it. Raises: ActionNotAllowed."""
    return replace(_advance(grant, GrantAction.WITHDRAW, at), withdrawn_by=by, withdrawn_at=at)


def expire(grant: Grant) -> Grant:
    """Write down that the term is over. Raises: ActionNotAllowed."""
    return _moved(grant, grant.status, GrantAction.EXPIRE)


def _advance(grant: Grant, action: GrantAction, at: datetime) -> Grant:
    return _moved(grant, grant.status_at(at), action)


def _moved(grant: Grant, status: GrantStatus, action: GrantAction) -> Grant:
    target = TRANSITIONS.get((status, action))
    if target is None:
        raise ActionNotAllowed(grant_status=status, action=action)
    return replace(grant, status=target, version=grant.version + 1)
