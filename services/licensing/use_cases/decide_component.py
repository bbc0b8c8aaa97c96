"""Decide a component permit (单项许可决定): its own agency, a zone by delegation, the window on the spot."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from services.licensing.domain.application import (
    Application,
    ApplicationNotFound,
    touched,
    without_followers_of_refused,
)
from services.licensing.domain.component import Component, grant, refuse
from services.licensing.domain.rules import Wording
from services.licensing.published.announcing import component_decided
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.authority import require_decider
from services.licensing.use_cases.conclude_application import conclude_application
from services.licensing.use_cases.office import Office
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal


@dataclass(frozen=True)
class DecideComponent:
    """A decision; a refusal has its reason."""

    application_id: UUID
    item: str
    caller: Principal
    decision: Literal["granted", "refused"]
    reason: Wording | None
    reason_code: str | None = None


@dataclass(eq=False)
class ReasonMissing(Exception):
    """A refusal without reason.

    Source: 行政许可法 art. 38: a refusal states its reasons.
    """


SCOPE_MISMATCH: Final = "scope_mismatch"
"""The registered scope does not name the business: no ground for refusing a permit. Source: 国发〔2021〕7号."""


@dataclass(eq=False)
class ScopeIsNoGround(Exception):
    """A refusal for the sake of the registered scope (不得以企业已登记经营范围为由)."""


async def decide_component(
    command: DecideComponent, uow: UnitOfWork, now: datetime, office: Office
) -> tuple[Application, tuple[Component, ...]]:
    """Decide, end what depended on it, and conclude the application when it was the last.

    Raises ApplicationNotFound (also for another agency's component), NotEmpowered, ReasonMissing, ScopeIsNoGround,
    PredecessorPending, ComponentActionNotAllowed.
    """
    store = ApplicationStore(uow.session)
    application = await store.lock(command.application_id)
    components = await store.components(command.application_id)
    component = _named(components, command.item)
    await require_decider(application, component, command.caller, uow, now, office)
    decided = _decided(component, components, command, now)
    components = tuple(decided if c.item == decided.item else c for c in components)
    components = without_followers_of_refused(components, now)
    await store.put_components(components)
    uow.announce(component_decided(application, decided))
    return await conclude_application(touched(application), components, uow, now, office), components


def _named(components: tuple[Component, ...], item: str) -> Component:
    for component in components:
        if component.item == item:
            return component
    raise ApplicationNotFound


def _decided(
    component: Component, among: tuple[Component, ...], command: DecideComponent, now: datetime
) -> Component:
    agency = command.caller.agency
    decider = None if agency == component.agency_uscc else agency
    if command.decision == "granted":
        return replace(grant(component, now, among), deciding_uscc=decider)
    if command.reason_code == SCOPE_MISMATCH:
        raise ScopeIsNoGround
    if command.reason is None:
        raise ReasonMissing
    return replace(refuse(component, now, command.reason), deciding_uscc=decider)
