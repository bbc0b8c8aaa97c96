"""What the city's rules say, as far as the register goes by them; built once from the region pack."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.domain.kinds import EnterpriseKind, Role
from shared.calendar import Limit
from shared.identifiers import Uscc
from shared.security.office import OfficeLevel


@dataclass(frozen=True)
class Wording:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class RolePolicy:
    """How many people of a kind of enterprise may have a role."""

    role: Role
    name: Wording
    minimum: int
    maximum: int


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


@dataclass(frozen=True)
class NamePolicy:
    """How names are put together and how long they are kept from others."""

    region_prefixes: tuple[str, ...]
    division_names: frozenset[str]
    minimum_length: int
    maximum_length: int
    reservation: Limit
    conflict_window: Limit
    forbidden: Mapping[str, Wording]
    trades: Mapping[str, frozenset[str]]
    forms: tuple[str, ...]


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


@dataclass(frozen=True)
class Registrar:
    """登记机关."""

    uscc: Uscc
    name: Wording


@dataclass(frozen=True)
class LicenceKind:
    """Which certificate the business licence is."""

    type_code: str
    name: str
    defined_by: str


@dataclass(frozen=True)
class CodeBlock:
    """The organisation codes that this register may give out: a prefix and serials, both ends included."""

    prefix: str
    first: int
    last: int


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
    licence: LicenceKind
    zones: Mapping[str, tuple[str, ...]]
