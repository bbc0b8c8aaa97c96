"""What the register knows of those whom a filing names, as far as rules ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.registration.domain.kinds import EnterpriseKind, EnterpriseState
from services.registration.domain.person_bar import BarKind


@dataclass(frozen=True)
class KnownEnterprise:
    """An enterprise of this register that invests, or has a branch."""

    name: str
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    is_foreign_invested: bool
    owner_accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownFacts:
    """`enterprises` by credit code, `agreeing` those that agree to what is filed; `bars` by identity number.

    `stood_for_closed` are the identity numbers of whoever stood for an enterprise whose licence was revoked, or that
    was ordered to close, less than three years ago.
    """

    enterprises: Mapping[str, KnownEnterprise] = field(default_factory=lambda: MappingProxyType({}))
    bars: Mapping[str, frozenset[BarKind]] = field(default_factory=lambda: MappingProxyType({}))
    stood_for_closed: frozenset[str] = frozenset()
    agreeing: frozenset[str] = frozenset()


NOTHING_KNOWN = KnownFacts()
