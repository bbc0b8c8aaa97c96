"""Take over what registration tells of an enterprise; the read model behind form, application and permit."""

from dataclasses import replace
from datetime import date

from services.licensing.domain.enterprise import Enterprise
from services.licensing.store.read_models import EnterpriseStore
from shared.database.unit_of_work import UnitOfWork


async def learn_enterprise(enterprise: Enterprise, event_id: str, sequence: int, uow: UnitOfWork) -> None:
    """Write the enterprise as the event has it."""
    await EnterpriseStore(uow.session).put(enterprise, event_id, sequence)


async def learn_change(changed: Enterprise, event_id: str, sequence: int, uow: UnitOfWork) -> None:
    """Write what an act made of it. The filing behind the act is not the one that established it: that one stays."""
    store = EnterpriseStore(uow.session)
    known = await store.find(changed.uscc)
    established_by = known.filing_id if known else None
    await store.put(replace(changed, filing_id=established_by), event_id, sequence)


async def learn_forced_exit(uscc: str, on: date | None, uow: UnitOfWork) -> None:
    """Write until when its forced deregistration is under notice; None once it is given up or stands still."""
    await EnterpriseStore(uow.session).note_forced_exit(uscc, on)
