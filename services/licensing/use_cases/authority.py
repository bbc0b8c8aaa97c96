"""Who reads and decides a component beside the applicant: its agency, a zone, the window; each in its region."""

from dataclasses import dataclass
from datetime import datetime

from services.licensing.domain.application import Application, ApplicationNotFound
from services.licensing.domain.component import Component
from services.licensing.store.powers import PowerStore
from services.licensing.store.tasks import Reach
from services.licensing.use_cases.office import Office
from shared.database.unit_of_work import UnitOfWork
from shared.security.deciding import DecisionPoint, is_at_window, may_decide, may_see, require_counter
from shared.security.office import OfficeLevel
from shared.security.principal import Principal

SERVICE = "licensing."


@dataclass(frozen=True)
class Counter:
    """Who accepts an application for somebody who came there (窗口代收), and for enterprises of which regions."""

    agency_uscc: str
    accepted_by: str
    regions: tuple[str, ...]


def counter_of(caller: Principal, on_behalf_of: str | None, office: Office) -> Counter | None:
    """The counter at which the caller accepts for somebody else; raises NotEmpowered where there is none."""
    if on_behalf_of is None:
        return None
    regions = require_counter(caller, office.region.zones)
    return Counter(caller.agency or caller.client_id, caller.reference, regions)


def power_over(item: str) -> str:
    """The power to decide a permit item, as delegations name it."""
    return f"{SERVICE}{item}"


async def require_decider(
    application: Application,
    component: Component,
    caller: Principal,
    uow: UnitOfWork,
    now: datetime,
    office: Office,
) -> None:
    """Raises: ApplicationNotFound where the component is not the caller's to know; NotEmpowered."""
    powers = await PowerStore(uow.session).of_zone(caller.agency)
    if not may_decide(caller, _point(application, component, office), powers, now):
        raise ApplicationNotFound


async def items_seen(
    application: Application,
    components: tuple[Component, ...],
    caller: Principal,
    uow: UnitOfWork,
    now: datetime,
    office: Office,
) -> frozenset[str]:
    """The components that are the caller's to read; none for a stranger."""
    if (
        application.counter_uscc is not None
        and application.counter_uscc == caller.agency
        and caller.office is None
    ):
        return frozenset(component.item for component in components)
    powers = await PowerStore(uow.session).of_zone(caller.agency)
    return frozenset(
        component.item
        for component in components
        if caller.agency and may_see(caller, _point(application, component, office), powers, now)
    )


async def reach_of(
    agency_uscc: str, caller: Principal, uow: UnitOfWork, now: datetime, office: Office
) -> Reach:
    """Which components an agency's caller finds in its list."""
    region = region_of(caller, office)
    if is_at_window(caller):
        items = frozenset(item.key for item in office.region.permit_items if item.is_instant)
        return Reach(agency_uscc, region, items_at_window=items)
    powers = await PowerStore(uow.session).of_zone(agency_uscc)
    delegated = tuple(
        (power.item.removeprefix(SERVICE), power.regions)
        for power in powers
        if power.is_running(now) and power.item.startswith(SERVICE)
    )
    return Reach(agency_uscc, region, delegated=delegated)


def region_of(caller: Principal, office: Office) -> str | None:
    """The region to which an officer's lists and counts are narrowed; None where it is the whole one."""
    works_at = caller.office
    return None if works_at is None or works_at.covers(office.region.region.code) else works_at.region


def _point(application: Application, component: Component, office: Office) -> DecisionPoint:
    # A newer pack may know the item no more: then it is the agency's alone.
    item = next((each for each in office.region.permit_items if each.key == component.item), None)
    return DecisionPoint(
        item=power_over(component.item),
        agency_uscc=component.agency_uscc,
        division_code=application.division_code or office.region.region.code,
        level=item.decided_at_level if item else OfficeLevel.COUNTY,
        is_instant=item is not None and item.is_instant,
    )
