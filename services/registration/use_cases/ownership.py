"""Who acts for an enterprise: whoever holds a token in its name, or for whom it was registered."""

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.errors import NotTheOwner
from shared.security.principal import Principal, SubjectKind


def is_owner(caller: Principal, enterprise: Enterprise) -> bool:
    """A system that speaks for itself never is."""
    in_own_name = caller.kind is not SubjectKind.CLIENT and caller.subject in enterprise.owner_accounts
    return caller.enterprise == enterprise.uscc or in_own_name


def require_owner(caller: Principal, enterprise: Enterprise) -> None:
    """Raises: NotTheOwner."""
    if not is_owner(caller, enterprise):
        raise NotTheOwner
