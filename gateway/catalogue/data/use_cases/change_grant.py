"""Narrow, suspend and resume a grant."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.catalogue.data.domain.errors import GrantNotFound
from gateway.catalogue.data.domain.grant import Grant, narrow, resume, suspend
from gateway.catalogue.data.domain.grant_rules import widenings_of
from gateway.catalogue.data.published import grant_narrowed, grant_resumed, grant_suspended
from gateway.catalogue.data.store.grants import GrantStore
from gateway.catalogue.data.use_cases.authority import require_data_bureau
from gateway.catalogue.data.use_cases.issue_grant import refuse_for, require_possible
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal
from shared.sharing.deciding import Way


@dataclass(frozen=True)
class NarrowGrant:
    """Which grant, who narrows it, and what is to be less; what is None stays as it was."""

    grant_id: UUID
    caller: Principal
    fields: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    scenes: tuple[str, ...] | None = None
    ways: tuple[Way, ...] | None = None
    valid_until: datetime | None = None
    needs_consent: bool | None = None
    needs_case_number: bool | None = None


@dataclass(frozen=True)
class SuspendGrant:
    """Which grant, who suspends it, and why."""

    grant_id: UUID
    caller: Principal
    reason: str


async def narrow_grant(command: NarrowGrant, region: RegionPack, uow: UnitOfWork, now: datetime) -> Grant:
    """Raises: DataBureauOnly, GrantNotFound, ActionNotAllowed; GrantNotPossible where it would be wider."""
    grant = await _locked(command.grant_id, command.caller, region, uow)
    less = {
        name: value
        for name, value in vars(command).items()
        if name not in ("grant_id", "caller") and value is not None
    }
    terms = replace(grant.terms, **less)
    narrowed = narrow(grant, terms, at=now)
    refuse_for(widenings_of(terms, grant.terms))
    await require_possible(terms, region, uow, now)
    await GrantStore(uow.session).save(narrowed)
    uow.announce(grant_narrowed(narrowed))
    return narrowed


async def suspend_grant(command: SuspendGrant, region: RegionPack, uow: UnitOfWork, now: datetime) -> Grant:
    """Raises: DataBureauOnly, GrantNotFound, ActionNotAllowed."""
    grant = await _locked(command.grant_id, command.caller, region, uow)
    suspended = suspend(grant, command.reason, at=now)
    await GrantStore(uow.session).save(suspended)
    uow.announce(grant_suspended(suspended, now))
    return suspended


async def resume_grant(
    grant_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork, now: datetime
) -> Grant:
    """Raises: DataBureauOnly, GrantNotFound, ActionNotAllowed."""
    grant = await _locked(grant_id, caller, region, uow)
    resumed = resume(grant, at=now)
    await GrantStore(uow.session).save(resumed)
    uow.announce(grant_resumed(resumed, now))
    return resumed


async def _locked(grant_id: UUID, caller: Principal, region: RegionPack, uow: UnitOfWork) -> Grant:
    require_data_bureau(caller, region)
    grant = await GrantStore(uow.session).lock(grant_id)
    if grant is None:
        raise GrantNotFound(grant_id)
    return grant
