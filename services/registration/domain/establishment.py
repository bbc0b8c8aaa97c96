"""What an establishment filing (设立登记申请) says."""

from dataclasses import dataclass, field
from typing import ClassVar

from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import PRINCIPAL_ROLES, EnterpriseKind, Role
from services.registration.domain.names import NameParts


@dataclass(frozen=True)
class Domicile:
    """住所: the town's code, the rest of the address, and the promise that it is true (申报承诺制)."""

    division_code: str
    street: str
    commitment: bool


@dataclass(frozen=True)
class Person:
    """Someone with a role in the enterprise; `account` is the opaque id under which the person signs in."""

    roles: tuple[Role, ...]
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    subscribed_fen: int | None = None
    account: str | None = None

    @property
    def is_principal(self) -> bool:
        """Whether this is who stands for the enterprise on the licence."""
        return bool(PRINCIPAL_ROLES & set(self.roles))


@dataclass(frozen=True)
class Establishment(FilingContent):
    """The whole content of the filing; capital in fen."""

    kind: ClassVar[FilingKind] = FilingKind.ESTABLISHMENT

    enterprise_kind: EnterpriseKind
    name: NameParts
    domicile: Domicile
    service_address_confirmed: bool
    scope: tuple[str, ...]
    registered_capital_fen: int
    people: tuple[Person, ...]
