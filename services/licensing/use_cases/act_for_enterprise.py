"""Find an enterprise for somebody who means to act for it."""

from services.licensing.domain.enterprise import Enterprise, acting_for
from services.licensing.store.read_models import EnterpriseStore, HolderStore
from shared.database.unit_of_work import UnitOfWork


async def act_for_enterprise(uscc: str, acting_as: str | None, uow: UnitOfWork) -> Enterprise:
    """`acting_as` is None for a system in its own name. Raises EnterpriseUnknown, EnterpriseNotFound."""
    enterprise = await EnterpriseStore(uow.session).find(uscc)
    holder = await HolderStore(uow.session).holder_of(uscc)
    return acting_for(uscc, enterprise, holder, acting_as)
