"""What the city says of acts against an enterprise's will: forced deregistration, false registrations, courts."""

from dataclasses import dataclass

from shared.calendar import Limit


@dataclass(frozen=True)
class ForcedExitPolicy:
    """强制注销: how long after the end of business, how long the notice lasts, how long it can be undone."""

    after: Limit
    notice: Limit
    restoration: Limit


@dataclass(frozen=True)
class FalseRegistrationPolicy:
    """虚假登记: to take an application up, to investigate it, once more, and how long the facts are published."""

    acceptance: Limit
    investigation: Limit
    extension: Limit
    publication: Limit


@dataclass(frozen=True)
class AuthorityPolicy:
    """All of it; `courts` are the credit codes of the courts whose rulings are taken."""

    forced_exit: ForcedExitPolicy
    false_registration: FalseRegistrationPolicy
    courts: frozenset[str]
