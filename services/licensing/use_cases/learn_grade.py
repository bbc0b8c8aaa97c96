"""Take over the credit grade that credit tells; the read model behind commitments."""

from services.licensing.domain.enterprise import CreditStanding
from services.licensing.store.read_models import CreditStore
from shared.database.unit_of_work import UnitOfWork


async def learn_grade(standing: CreditStanding, event_id: str, sequence: int, uow: UnitOfWork) -> None:
    """Write the grade as the event has it."""
    await CreditStore(uow.session).put(standing, event_id, sequence)
