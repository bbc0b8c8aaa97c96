"""An enterprise in the register (经营主体)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registration.domain.addresses import FurtherAddress, InterimAddress, ServiceAddress
from services.registration.domain.establishment import Articles
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState, KindVariant, Origin, Role
from services.registration.domain.person import Person


@dataclass(frozen=True)
class RegisteredScope:
    """An entry of the registered scope; the code is None where an old register has free text only."""

    code: str | None
    text: str


@dataclass(frozen=True)
class Enterprise:
    """What the register says of an enterprise; capital in fen, `*_stated` as an old register had it.

    `ended_on` is the day on which it left this register; `term_until` ends its term (经营期限), None is for long.
    `parent_uscc` is whose branch it is. `abnormal_since` (经营异常名录) is known where all of an enterprise is read.
    """

    uscc: str
    name: str
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    registered_capital_fen: int | None
    domicile_division_code: str
    domicile_text: str | None
    scope: tuple[RegisteredScope, ...]
    industry_code: str | None
    registrar_uscc: str | None
    division_code: str
    licence_identifier: str | None
    filing_id: UUID | None
    matter_id: UUID | None
    owner_accounts: tuple[str, ...]
    origin: Origin
    registered_at: datetime
    changed_at: datetime
    version: int = 1
    kind_stated: str | None = None
    capital_stated: str | None = None
    capital_currency: str | None = None
    scope_stated: str | None = None
    suspended_until: date | None = None
    abnormal_since: datetime | None = None
    ended_on: date | None = None
    variant: KindVariant | None = None
    term_until: date | None = None
    further_addresses: tuple[FurtherAddress, ...] = ()
    service_address: InterimAddress | ServiceAddress | None = None
    articles: Articles | None = None
    parent_uscc: str | None = None
    parent_name: str | None = None
    is_foreign_invested: bool = False


@dataclass(frozen=True)
class EnterpriseSummary:
    """What lists of the register show of an enterprise; `name_key` is what they are ordered by."""

    uscc: str
    name: str
    name_key: str
    enterprise_kind: EnterpriseKind
    state: EnterpriseState
    established_on: date | None
    division_code: str
    origin: Origin


@dataclass(frozen=True)
class EnterpriseFile:
    """An enterprise with its people."""

    enterprise: Enterprise
    people: tuple[Person, ...]

    @property
    def principal(self) -> Person | None:
        """Who stands for it on the licence; of several executive partners the first."""
        return next((person for person in self.people if person.is_principal), None)

    @property
    def representative(self) -> Person | None:
        """Whoever acts in its name: the principal, or the person delegated by one that is no human being."""
        principal = self.principal
        if principal is None or not principal.is_organisation:
            return principal
        return next(
            (
                person
                for person in self.people
                if Role.PARTNER_DELEGATE in person.roles and person.represents in (None, principal.id_number)
            ),
            None,
        )

    @property
    def contact_phone(self) -> str | None:
        """The principal's telephone, or the first one given."""
        phones = [person.phone for person in self.people if person.phone]
        return self.principal.phone if self.principal and self.principal.phone else next(iter(phones), None)
