"""Take over what registration tells of an enterprise; the read model behind form and application."""

from services.licensing.domain.enterprise import Enterprise
from services.licensing.store.read_models import EnterpriseStore
from shared.database.unit_of_work import UnitOfWork


async def learn_enterprise(enterprise: Enterprise, event_id: str, sequence: int, uow: UnitOfWork) -> None:
    """Write the enterprise as the event has it."""
    await EnterpriseStore(uow.session).put(enterprise, event_id, sequence)
