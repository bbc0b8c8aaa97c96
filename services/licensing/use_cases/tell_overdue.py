"""Tell of components whose time has run out (超期提醒); each once."""

from dataclasses import replace

from services.licensing.published.announcing import component_overdue
from services.licensing.store.applications import ApplicationStore
from shared.database.unit_of_work import UnitOfWork

BATCH = 50


async def tell_overdue(uow: UnitOfWork) -> int:
    """Announce what the database says is overdue; returns the number of applications looked at."""
    store = ApplicationStore(uow.session)
    locked = await store.lock_overdue(uow.now, BATCH)
    for application_id in locked:
        application = await store.lock(application_id)
        for component in await store.components(application_id):
            if component.is_open and not component.is_overdue_told and component.due_at < uow.now:
                await store.put_components([replace(component, is_overdue_told=True)])
                uow.announce(component_overdue(application, component))
    return len(locked)
