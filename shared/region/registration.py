"""What the register (登记机关) goes by: kinds of enterprise, names, scope entries, codes, certificate."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from shared.region.authority_acts import AuthorityRules
from shared.region.changes import ChangeRules
from shared.region.exits import ExitRules
from shared.region.facts import Fact, IndustryClass, Key, Line, Record, Text
from shared.region.kinds import EnterpriseKind, EstablishmentRules
from shared.region.names import AgencyRef, LimitRef, PermitItemRef
from shared.region.permits import Certificate
from shared.region.publicity import PublicityRules


class ForbiddenWord(Fact):
    word: Line
    reason: Text


class TradeWord(Record):
    """A word that names the trade in an enterprise's name, with the industry classes it fits."""

    word: Line
    gbt4754: Annotated[tuple[IndustryClass, ...], Field(min_length=1, max_length=20)]


LikenessKey = Literal["identical", "reordered", "same_sound", "contained", "one_apart", "similar"]
Likenesses = Annotated[tuple[LikenessKey, ...], Field(max_length=6)]


class Weighing(Record):
    """Kinds of likeness that a registrar looks at, and those of which the applicant is told."""

    referred: Likenesses = ()
    noted: Likenesses = ()


class NameLikeness(Fact):
    """When two distinctive parts are alike (相近), and what then; `similar_from` is a share of pairs of neighbours."""

    similar_from: Annotated[Decimal, Field(gt=0, le=1, decimal_places=2)]
    same_trade: Weighing
    neighbouring_trade: Weighing


class NameReservations(Record):
    """How long a name is reserved where a permit comes first, and how long before any end the holder is told.

    `most` is how many names one applicant may have reserved at a time.
    """

    most: Annotated[int, Field(ge=1, le=100)]
    with_permit_limit: LimitRef
    reminder: LimitRef


class NameDisputes(Record):
    """Limits of a dispute over a name (名称争议): to take it up, to rule, to change the name afterwards."""

    acceptance_limit: LimitRef
    ruling_limit: LimitRef
    change_limit: LimitRef


class NameRules(Fact):
    """How a name is put together: region, trade name (字号), trade, form of organisation."""

    region_prefixes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    trade_name_min_length: Annotated[int, Field(ge=1, le=20)]
    trade_name_max_length: Annotated[int, Field(ge=1, le=100)]
    reservation_limit: LimitRef
    conflict_window: LimitRef
    forbidden_words: Annotated[tuple[ForbiddenWord, ...], Field(max_length=500)]
    trade_words: Annotated[tuple[TradeWord, ...], Field(min_length=1, max_length=500)]
    branch_endings: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    likeness: NameLikeness
    reservations: NameReservations
    disputes: NameDisputes


class ScopeEntry(Fact):
    """A standard entry of business scope (规范经营范围) and the permit items that it needs."""

    code: Annotated[str, Field(pattern=r"^[A-T]\d{4}-\d{2}$")]
    text: Text
    gbt4754: IndustryClass
    permit_items: Annotated[tuple[PermitItemRef, ...], Field(max_length=10)] = ()
    permit_first: Text | None = None
    """The permit that comes before registration (前置审批), where the entry needs one."""
    public_safety: bool = False
    """Touches public safety: only at the domicile, at no further address (REG-13)."""


class OrganisationCodeBlock(Fact):
    """The numbers from which new organisation codes (GB 11714) are made: prefix and serial, eight in all."""

    prefix: Annotated[str, Field(pattern=r"^[0-9A-HJ-NP-RTUW-Y]{2,4}$")]
    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]

    @property
    def serial_length(self) -> int:
        return 8 - len(self.prefix)


class BusinessLicence(Certificate):
    """The electronic business licence (电子营业执照): who defined it, and how long a copy of it may serve."""

    defined_by: Text
    longest_copy: LimitRef


class MergedFiling(Fact):
    """A filing that the business licence stands for (多证合一); its department hears of it and asks for nothing."""

    key: Key
    name: Text
    agency: AgencyRef


class RegistrationRules(Fact):
    registrar: AgencyRef
    kinds: Annotated[tuple[EnterpriseKind, ...], Field(min_length=1, max_length=50)]
    establishment: EstablishmentRules
    names: NameRules
    scope_entries: Annotated[tuple[ScopeEntry, ...], Field(min_length=1, max_length=2000)]
    organisation_codes: OrganisationCodeBlock
    publicity: PublicityRules
    changes: ChangeRules
    exits: ExitRules
    authority_acts: AuthorityRules
    business_licence: BusinessLicence
    merged_filings: Annotated[tuple[MergedFiling, ...], Field(max_length=100)] = ()

    def kind(self, key: str) -> EnterpriseKind | None:
        return next((kind for kind in self.kinds if kind.key == key), None)

    def scope_entry(self, code: str) -> ScopeEntry | None:
        return next((entry for entry in self.scope_entries if entry.code == code), None)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for place, kind in enumerate(self.kinds):
            for path, why in kind.incoherences():
                yield ("kinds", place, *path), why
        block = self.organisation_codes
        if not block.first <= block.last < 10**block.serial_length:
            yield ("organisation_codes", "last"), f"does not fit {block.serial_length} digits after first"
        for path, why in self.publicity.incoherences():
            yield ("publicity", *path), why
        for path, why in self.changes.incoherences():
            yield ("changes", *path), why
