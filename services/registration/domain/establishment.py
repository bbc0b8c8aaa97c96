"""What an establishment filing (设立登记申请) says."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from services.registration.domain.addresses import Domicile as Domicile
from services.registration.domain.addresses import FurtherAddress, ServiceAddress
from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.kinds import EnterpriseKind, KindVariant
from services.registration.domain.name_relations import NameConsent
from services.registration.domain.names import BranchName, NameParts
from services.registration.domain.person import Person as Person


@dataclass(frozen=True)
class Articles:
    """章程 or 合伙协议: adopted when, which document; without a digest it is the registrar's model text (示范文本)."""

    adopted_on: date
    sha256: str | None = None


@dataclass(frozen=True)
class BranchOf:
    """The enterprise that a branch belongs to, in this register or outside; what its name adds to that one's."""

    uscc: str
    name: BranchName


@dataclass(frozen=True)
class PriorPermit:
    """The approval that an entry of the scope needs before registration (前置审批文件)."""

    scope: str
    number: str
    issuer: str


@dataclass(frozen=True)
class Establishment(FilingContent):
    """The whole content of the filing; capital in fen.

    `name` is None for a branch, which bears its enterprise's, and for an individual business that uses none. Without
    a `service_address` papers are served at the domicile; without `articles` the registrar's model text applies.
    `commitment` is the promise of who files where the city decides on promises (告知承诺);
    `exempt_from_beneficial_owners` that nobody but the owners controls or profits (承诺免报).
    `name_consent` is that of whoever has a like name.
    """

    kind: ClassVar[FilingKind] = FilingKind.ESTABLISHMENT

    enterprise_kind: EnterpriseKind
    name: NameParts | None
    domicile: Domicile
    service_address_confirmed: bool
    scope: tuple[str, ...]
    registered_capital_fen: int
    people: tuple[Person, ...]
    variant: KindVariant | None = None
    branch_of: BranchOf | None = None
    name_reservation_id: UUID | None = None
    service_address: ServiceAddress | None = None
    further_addresses: tuple[FurtherAddress, ...] = ()
    term_until: date | None = None
    articles: Articles | None = None
    prior_permits: tuple[PriorPermit, ...] = ()
    foreign_invested: bool = False
    exempt_from_beneficial_owners: bool = False
    commitment: bool = False
    name_consent: NameConsent | None = None

    @property
    def full_name(self) -> str | None:
        """The name that it asks for, if any."""
        if self.branch_of is not None:
            return self.branch_of.name.full
        return self.name.full if self.name is not None else None

    @property
    def is_foreign_invested(self) -> bool:
        """Whether declared so, or anybody from abroad contributes (外商投资)."""
        return self.foreign_invested or any(p.is_foreign and p.is_owner for p in self.people)
