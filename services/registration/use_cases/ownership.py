"""Who acts for an enterprise: whoever holds a token in its name, or for whom it was registered."""

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.errors import FilingNotFound, NotTheOwner
from services.registration.domain.filing import Filing
from services.registration.store.enterprises import EnterpriseStore
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Principal, SubjectKind


def is_owner(caller: Principal, enterprise: Enterprise) -> bool:
    """A system that speaks for itself never is."""
    in_own_name = caller.kind is not SubjectKind.CLIENT and caller.subject in enterprise.owner_accounts
    return caller.enterprise == enterprise.uscc or in_own_name


def require_owner(caller: Principal, enterprise: Enterprise) -> None:
    """Raises: NotTheOwner."""
    if not is_owner(caller, enterprise):
        raise NotTheOwner


async def require_own(filing: Filing, caller: Principal, uow: UnitOfWork) -> None:
    """Whoever made it, for as long as they act for the enterprise; what the window accepted needs no account.

    Raises: FilingNotFound, NotTheOwner.
    """
    if filing.applicant != caller.subject:
        raise FilingNotFound
    if filing.uscc is not None and filing.counter is None:
        require_owner(caller, (await EnterpriseStore(uow.session).find(filing.uscc)).enterprise)


async def is_still_theirs(filing: Filing, uow: UnitOfWork) -> bool:
    """Whether its applicant acts for the enterprise now; of what the window accepted the window answers for it."""
    if filing.uscc is None or filing.counter is not None:
        return True
    one = (await EnterpriseStore(uow.session).find(filing.uscc)).enterprise
    return filing.applicant in (one.uscc, *one.owner_accounts)
