"""Nothing is registered about an enterprise while the facts of a false registration are published (暂停登记)."""

from services.registration.domain.authority_errors import ChangesFrozen
from services.registration.store.false_registrations import FalseRegistrationStore
from shared.database.unit_of_work import UnitOfWork


async def require_not_frozen(uscc: str, uow: UnitOfWork) -> None:
    """Raises: ChangesFrozen."""
    case_id = await FalseRegistrationStore(uow.session).freezing(uscc)
    if case_id is not None:
        raise ChangesFrozen(str(case_id))
