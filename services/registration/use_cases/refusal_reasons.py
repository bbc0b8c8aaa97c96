"""For which reasons something may be refused: those that the region pack lists, and never that somebody moves."""

from services.registration.domain.change_policy import RESTRICTING, ChangePolicy
from services.registration.domain.relocation_errors import MigrationRestricted, ReasonUnknown


def require_reason(code: str, policy: ChangePolicy) -> None:
    """Raises: MigrationRestricted, ReasonUnknown."""
    if code == RESTRICTING:
        raise MigrationRestricted
    if code not in policy.refusal_reasons:
        raise ReasonUnknown("、".join(policy.refusal_reasons))
