"""What a city's rules say of an industry and of one permit item in it, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from shared.calendar import Limit, LimitUnit


class Mode(StrEnum):
    """Reform mode of a permit item (证照分离改革方式). Source: 国发〔2021〕7号."""

    CANCEL = "cancel"
    FILING = "filing"
    COMMITMENT = "commitment"
    OPTIMISE = "optimise"


class Onsite(StrEnum):
    """When the agency comes to look (现场核查)."""

    BEFORE = "before"
    AFTER = "after"
    IF_NEEDED = "if_needed"
    NONE = "none"


@dataclass(frozen=True)
class Wording:
    """A text for persons, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class AgencyName:
    """An agency by its credit code and name."""

    uscc: str
    name: Wording


@dataclass(frozen=True)
class MaterialRule:
    """A paper that an item asks for; with `shared_from` the suite has its content already."""

    key: str
    name: Wording
    is_main: bool
    shared_from: str | None


@dataclass(frozen=True)
class CommitmentOffer:
    """The promise on which an item is granted at once (告知承诺), and the grade that it takes at least."""

    text: Wording
    minimum_grade: str


@dataclass(frozen=True)
class CertificateKind:
    """The certificate that a grant produces: 21-character type code, name, and the body that defined it."""

    type_code: str
    name: Wording
    defined_by: str


@dataclass(frozen=True)
class PermitRule:
    """One permit item: who decides, how, within which limits, on which conditions and papers."""

    item: str
    name: Wording
    agency: AgencyName
    mode: Mode
    statutory: Limit
    promised: Limit
    onsite: Onsite
    onsite_within: Limit | None
    conditions: tuple[Wording, ...]
    materials: tuple[MaterialRule, ...]
    legal_basis: tuple[str, ...]
    valid_years: int | None
    offer: CommitmentOffer | None
    exclusions: tuple[str, ...]
    certificate: CertificateKind
    form_fields: tuple[str, ...]
    needs: tuple[str, ...] = ()
    is_bound_to_premises: bool = True
    apply_within: Limit | None = None

    @property
    def offers_commitment(self) -> bool:
        """Whether a commitment may take the place of the review.

        Source: 永济规划 #37 (LIC-17, LIC-09): not where an excluded field is directly concerned.
        """
        return self.offer is not None and not self.exclusions and self.mode is not Mode.FILING

    @property
    def review_limit(self) -> Limit:
        """The promised limit; where that is the instant of a commitment, a review has the statutory one."""
        return self.statutory if self.promised.unit is LimitUnit.IMMEDIATE else self.promised

    @property
    def check_within(self) -> Limit:
        """How long after a grant on commitment the agency has to check.

        The span that the rules state for a check afterwards, else the statutory limit of the item itself.
        Source: 消防法 art. 15 (20 working days) where stated; LIC-19 leaves the number open.
        """
        return self.onsite_within or self.statutory


@dataclass(frozen=True)
class Industry:
    """An industry of the directory (一业一证行业目录): its permits split by what the answers call for."""

    code: str
    name: Wording
    lead: AgencyName
    issuer: AgencyName
    certificate: CertificateKind
    required: tuple[PermitRule, ...]
    not_required: tuple[tuple[PermitRule, Wording], ...]

    def rule(self, item: str) -> PermitRule | None:
        """The required permit of this name, if it is one."""
        return next((rule for rule in self.required if rule.item == item), None)


@dataclass(eq=False)
class IndustryUnknown(Exception):
    """The region's directory has no such industry."""

    industry_code: str
