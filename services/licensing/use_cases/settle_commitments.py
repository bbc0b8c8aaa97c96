"""Settle commitments (告知承诺): at submission, on a late grade, or when none came in time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.licensing.domain.application import Application, touched
from services.licensing.domain.commitment import FallbackReason, may_commit
from services.licensing.domain.component import (
    Component,
    ComponentStatus,
    await_credit,
    fall_back,
    issue_on_commitment,
    pending_needs,
)
from services.licensing.domain.enterprise import CreditStanding
from services.licensing.domain.rules import PermitRule
from services.licensing.published.announcing import commitment_made, component_decided
from services.licensing.store.applications import ApplicationStore
from services.licensing.store.read_models import CreditStore
from services.licensing.use_cases.conclude_application import conclude_application
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.rulebook import permit_rule
from shared.calendar import due, local_date
from shared.database.unit_of_work import UnitOfWork

BATCH = 20


@dataclass(frozen=True)
class Circumstances:
    """What a decision by rule rests on; `standing` is None as long as no grade is known."""

    standing: CreditStanding | None
    office: Office
    now: datetime


def settled(
    component: Component, rule: PermitRule, among: tuple[Component, ...], given: Circumstances
) -> Component:
    """Decide a commitment by rule; without a grade it waits for one."""
    if pending_needs(component, among):
        return fall_back(component, FallbackReason.PREDECESSOR_PENDING)
    if given.standing is None:
        return await_credit(component)
    if not may_commit(rule, given.standing, given.office.grades).is_met:
        return fall_back(component, FallbackReason.GRADE_NOT_ALLOWED)
    return issue_on_commitment(component, given.now, check_due_on(rule, given.now, given.office))


def check_due_on(rule: PermitRule, now: datetime, office: Office) -> date:
    """The day until which the agency has to check what was promised."""
    return local_date(due(rule.check_within, now, office.calendar).at)


def announce_settled(application: Application, component: Component, uow: UnitOfWork) -> None:
    """Publish a grant on commitment."""
    if component.status is ComponentStatus.GRANTED:
        uow.announce(component_decided(application, component))
        uow.announce(commitment_made(application, component))


async def settle_on_grade(standing: CreditStanding, uow: UnitOfWork, now: datetime, office: Office) -> None:
    """A grade has become known: decide what waited for it."""
    store = ApplicationStore(uow.session)
    for application_id in await store.awaiting_credit_of(standing.uscc):
        await _settle(application_id, standing, uow, now, office)


async def settle_waiting(uow: UnitOfWork, office: Office) -> int:
    """Decide what waits though its grade is known, and let fall back what has waited too long."""
    store = ApplicationStore(uow.session)
    locked = await store.lock_settleable(uow.now - office.credit_wait, BATCH)
    for application_id in locked:
        await _settle(application_id, None, uow, uow.now, office)
    return len(locked)


async def _settle(
    application_id: UUID, standing: CreditStanding | None, uow: UnitOfWork, now: datetime, office: Office
) -> None:
    """`standing` is what an event has just told; otherwise the read model is asked."""
    store = ApplicationStore(uow.session)
    application = await store.lock(application_id)
    standing = standing or await CreditStore(uow.session).find(application.uscc)
    components = await store.components(application_id)
    for waiting in (c for c in components if c.status is ComponentStatus.AWAITING_CREDIT):
        if standing is None:
            moved = fall_back(waiting, FallbackReason.CREDIT_UNKNOWN_IN_TIME)
        else:
            rule = permit_rule(office.region, waiting.item)
            moved = settled(waiting, rule, components, Circumstances(standing, office, now))
        components = tuple(moved if c.item == moved.item else c for c in components)
        announce_settled(application, moved, uow)
    await store.put_components(components)
    await conclude_application(touched(application), components, uow, now, office)
