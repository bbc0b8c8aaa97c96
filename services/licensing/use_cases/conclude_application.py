"""End an application once all its components are decided: with permits, or refused with all reasons."""

from dataclasses import replace
from datetime import datetime

from services.licensing.domain.application import (
    Application,
    ApplicationAction,
    advance,
    outcome,
)
from services.licensing.domain.component import Component
from services.licensing.published.announcing import approved, refused
from services.licensing.store.applications import ApplicationStore
from services.licensing.use_cases.issue_permits import issue_permits
from services.licensing.use_cases.office import Office
from shared.database.unit_of_work import UnitOfWork


async def conclude_application(
    application: Application,
    components: tuple[Component, ...],
    uow: UnitOfWork,
    now: datetime,
    office: Office,
) -> Application:
    """Save the application as its components leave it; the caller holds its lock and has saved them."""
    store = ApplicationStore(uow.session)
    action = outcome(components)
    if action is None:
        await store.save(application)
        return application
    ended = advance(application, action, now)
    if action is ApplicationAction.REFUSE:
        await store.save(ended)
        uow.announce(refused(ended, components))
        return ended
    permit = await issue_permits(ended, [component.item for component in components], uow, now, office)
    ended = replace(ended, permit_number=permit.number)
    await store.save(ended)
    uow.announce(approved(ended, permit))
    return ended
