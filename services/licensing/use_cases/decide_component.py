"""Decide a component permit (单项许可决定) by its own agency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
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
from services.licensing.use_cases.conclude_application import conclude_application
from services.licensing.use_cases.office import Office
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class DecideComponent:
    """A decision; a refusal has its reason. `agency_uscc` is the caller's agency."""

    application_id: UUID
    item: str
    agency_uscc: str | None
    decision: Literal["granted", "refused"]
    reason: Wording | None


@dataclass(eq=False)
class ReasonMissing(Exception):
    """A refusal without reason.

    Source: 行政许可法 art. 38: a refusal states its reasons.
    """


async def decide_component(
    command: DecideComponent, uow: UnitOfWork, now: datetime, office: Office
) -> tuple[Application, tuple[Component, ...]]:
    """Decide, end what depended on it, and conclude the application when it was the last.

    Raises ApplicationNotFound (also for another agency's component), ReasonMissing, PredecessorPending,
    ComponentActionNotAllowed.
    """
    store = ApplicationStore(uow.session)
    application = await store.lock(command.application_id)
    components = await store.components(command.application_id)
    component = _own(components, command)
    decided = _decided(component, components, command, now)
    components = tuple(decided if c.item == decided.item else c for c in components)
    components = without_followers_of_refused(components, now)
    await store.put_components(components)
    uow.announce(component_decided(application, decided))
    return await conclude_application(touched(application), components, uow, now, office), components


def _own(components: tuple[Component, ...], command: DecideComponent) -> Component:
    for component in components:
        if component.item == command.item and component.agency_uscc == command.agency_uscc:
            return component
    raise ApplicationNotFound


def _decided(
    component: Component, among: tuple[Component, ...], command: DecideComponent, now: datetime
) -> Component:
    if command.decision == "granted":
        return grant(component, now, among)
    if command.reason is None:
        raise ReasonMissing
    return refuse(component, now, command.reason)
