"""What the register (登记机关) goes by: kinds of enterprise, names, scope entries, codes, certificate."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact, IndustryClass, Key, Line, Record, Text
from shared.region.names import AgencyRef, LimitRef, PermitItemRef
from shared.region.permits import Certificate
from shared.security.office import OfficeLevel

Fen = Annotated[int, Field(ge=0, le=10**15)]


class Role(Record):
    """A role that people of this kind of enterprise take, and how many may take it."""

    key: Key
    name: Text
    minimum: Annotated[int, Field(ge=0, le=200)]
    maximum: Annotated[int, Field(ge=1, le=200)]


class EnterpriseKind(Fact):
    """A kind of enterprise (类型); `uscc_prefix` begins its credit code, capital bounds are in fen."""

    key: Key
    name: Text
    uscc_prefix: Annotated[str, Field(pattern=r"^9[123]$")]
    organisation_forms: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=10)]
    minimum_people: Annotated[int, Field(ge=1, le=200)]
    minimum_capital_fen: Fen
    maximum_capital_fen: Fen
    decided_at_level: OfficeLevel = OfficeLevel.COUNTY
    """The lowest level whose officers decide a filing of this kind (GW-03)."""
    is_instant: bool = False
    """Decided on the spot, at the comprehensive window too (马上办, GW-29)."""


class ForbiddenWord(Fact):
    word: Line
    reason: Text


class TradeWord(Record):
    """A word that names the trade in an enterprise's name, with the industry classes it fits."""

    word: Line
    gbt4754: Annotated[tuple[IndustryClass, ...], Field(min_length=1, max_length=20)]


class NameRules(Fact):
    """How a name is put together: region, trade name (字号), trade, form of organisation."""

    region_prefixes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    trade_name_min_length: Annotated[int, Field(ge=1, le=20)]
    trade_name_max_length: Annotated[int, Field(ge=1, le=100)]
    reservation_limit: LimitRef
    conflict_window: LimitRef
    forbidden_words: Annotated[tuple[ForbiddenWord, ...], Field(max_length=500)]
    trade_words: Annotated[tuple[TradeWord, ...], Field(min_length=1, max_length=500)]


class ScopeEntry(Fact):
    """A standard entry of business scope (规范经营范围) and the permit items that it needs."""

    code: Annotated[str, Field(pattern=r"^[A-T]\d{4}-\d{2}$")]
    text: Text
    gbt4754: IndustryClass
    permit_items: Annotated[tuple[PermitItemRef, ...], Field(max_length=10)] = ()


class OrganisationCodeBlock(Fact):
    """The numbers from which new organisation codes (GB 11714) are made: prefix and serial, eight in all."""

    prefix: Annotated[str, Field(pattern=r"^[0-9A-HJ-NP-RTUW-Y]{2,4}$")]
    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]

    @property
    def serial_length(self) -> int:
        return 8 - len(self.prefix)


class RegistrationRules(Fact):
    registrar: AgencyRef
    kinds: Annotated[tuple[EnterpriseKind, ...], Field(min_length=1, max_length=50)]
    names: NameRules
    scope_entries: Annotated[tuple[ScopeEntry, ...], Field(min_length=1, max_length=2000)]
    organisation_codes: OrganisationCodeBlock
    business_licence: Certificate

    def kind(self, key: str) -> EnterpriseKind | None:
        return next((kind for kind in self.kinds if kind.key == key), None)

    def scope_entry(self, code: str) -> ScopeEntry | None:
        return next((entry for entry in self.scope_entries if entry.code == code), None)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for place, kind in enumerate(self.kinds):
            if kind.minimum_capital_fen > kind.maximum_capital_fen:
                yield ("kinds", place, "minimum_capital_fen"), "is greater than maximum_capital_fen"
            for number, role in enumerate(kind.roles):
                if role.minimum > role.maximum:
                    yield ("kinds", place, "roles", number, "minimum"), "is greater than maximum"
        block = self.organisation_codes
        if not block.first <= block.last < 10**block.serial_length:
            yield ("organisation_codes", "last"), f"does not fit {block.serial_length} digits after first"
