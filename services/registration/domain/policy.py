"""What the city's rules say, as far as the register goes by them; built once from the region pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from services.registration.domain.authority_policy import AuthorityPolicy
from services.registration.domain.change_policy import ChangePolicy
from services.registration.domain.establishment_policy import EstablishmentPolicy
from services.registration.domain.exit_policy import ExitPolicy
from services.registration.domain.kinds import EnterpriseKind, KindVariant, Role
from services.registration.domain.licence import LicencePolicy
from services.registration.domain.name_policy import NamePolicy as NamePolicy
from services.registration.domain.publicity_policy import PublicityPolicy
from services.registration.domain.suspension import SuspensionPolicy
from services.registration.domain.wording import Wording as Wording
from shared.calendar import Limit
from shared.identifiers import Uscc
from shared.security.office import OfficeLevel


@dataclass(frozen=True)
class RolePolicy:
    """How many people of a kind of enterprise may have a role."""

    role: Role
    name: Wording
    minimum: int
    maximum: int


@dataclass(frozen=True)
class VariantPolicy:
    """What a variant of a kind must be like beside what all of the kind are."""

    variant: KindVariant
    name: Wording
    roles: tuple[RolePolicy, ...]
    minimum_people: int


@dataclass(frozen=True)
class KindPolicy:
    """What a kind of enterprise must be like; capital in fen, `body_type` is the code's second character."""

    kind: EnterpriseKind
    name: Wording
    body_type: str
    forms: tuple[str, ...]
    roles: tuple[RolePolicy, ...]
    minimum_people: int
    minimum_capital_fen: int
    maximum_capital_fen: int
    decided_at_level: OfficeLevel
    is_instant: bool
    variants: Mapping[KindVariant, VariantPolicy] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, variant: KindVariant | None) -> "KindPolicy":
        """The kind as one of its variants is; itself where there is no such variant."""
        found = self.variants.get(variant) if variant is not None else None
        if found is None:
            return self
        return replace(self, name=found.name, roles=found.roles, minimum_people=found.minimum_people)


@dataclass(frozen=True)
class PermitNeed:
    """A permit item that a scope entry calls for after registration (后置许可)."""

    item: str
    name: Wording


@dataclass(frozen=True)
class ScopeEntry:
    """A standard entry of business scope (规范经营范围)."""

    code: str
    text: Wording
    industry_code: str
    permits: tuple[PermitNeed, ...]
    permit_first: Wording | None = None
    """The permit that comes before registration (前置审批), where the entry needs one."""
    touches_public_safety: bool = False


@dataclass(frozen=True)
class Registrar:
    """登记机关."""

    uscc: Uscc
    name: Wording


@dataclass(frozen=True)
class CodeBlock:
    """The organisation codes that this register may give out: a prefix and serials, both ends included."""

    prefix: str
    first: int
    last: int


@dataclass(frozen=True)
class ReviewPolicy:
    """How long an officer has for a filing, and by how much a complex one is extended (条例 art. 19).

    `untouched` is how long a draft or a returned filing waits for its applicant.
    """

    limit: Limit
    extension: Limit
    untouched: Limit


@dataclass(frozen=True)
class RegistryPolicy:
    """All of it. `successors` leads from a division that is gone to the one that took its place.

    `zones` are the towns of each development zone, by its credit code.
    """

    division_code: str
    division_name: str
    registrar: Registrar
    kinds: Mapping[EnterpriseKind, KindPolicy]
    names: NamePolicy
    scope: Mapping[str, ScopeEntry]
    towns: Mapping[str, str]
    known_divisions: Mapping[str, str]
    province_codes: frozenset[str]
    successors: Mapping[str, str]
    codes: CodeBlock
    licence: LicencePolicy
    zones: Mapping[str, tuple[str, ...]]
    publicity: PublicityPolicy
    review: ReviewPolicy
    establishment: EstablishmentPolicy
    changes: ChangePolicy
    exits: ExitPolicy
    suspension: SuspensionPolicy
    authority: AuthorityPolicy

    def address(self, town_code: str, street: str) -> str:
        """City, town and street, without repeating what the applicant wrote out."""
        town, rest = self.towns[town_code], street.removeprefix(self.division_name)
        return self.division_name + (rest if town in rest else town + rest)
