"""Kinds of enterprise (经营主体类型) that the registrar offers, and what the city rules on their establishment."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.names import LimitRef
from shared.security.office import OfficeLevel

Fen = Annotated[int, Field(ge=0, le=10**15)]


class Role(Record):
    """A role that people of this kind of enterprise take, and how many may take it."""

    key: Key
    name: Text
    minimum: Annotated[int, Field(ge=0, le=200)]
    maximum: Annotated[int, Field(ge=1, le=200)]


Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=20)]
People = Annotated[int, Field(ge=1, le=200)]


class KindVariant(Fact):
    """Which of its kind, where the law tells several apart (普通、有限合伙企业; 个人、家庭经营): roles of its own."""

    key: Key
    name: Text
    roles: Roles
    minimum_people: People


class EnterpriseKind(Fact):
    """A kind of enterprise (类型); `uscc_prefix` begins its credit code, capital bounds are in fen."""

    key: Key
    name: Text
    uscc_prefix: Annotated[str, Field(pattern=r"^9[123]$")]
    organisation_forms: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    roles: Roles
    variants: Annotated[tuple[KindVariant, ...], Field(max_length=10)] = ()
    minimum_people: People
    minimum_capital_fen: Fen
    maximum_capital_fen: Fen
    decided_at_level: OfficeLevel = OfficeLevel.COUNTY
    """The lowest level whose officers decide a filing of this kind (GW-03)."""
    is_instant: bool = False
    """Decided on the spot, at the comprehensive window too (马上办, GW-29)."""

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.minimum_capital_fen > self.maximum_capital_fen:
            yield ("minimum_capital_fen",), "is greater than maximum_capital_fen"
        yield from _disordered(self.roles)
        for place, variant in enumerate(self.variants):
            for path, why in _disordered(variant.roles):
                yield ("variants", place, *path), why


class RegistrationMode(StrEnum):
    """How a complete filing is decided (商事登记行政确认制、告知承诺制试点)."""

    REVIEW = "review"  # 审查: what rules leave open goes to a registrar
    CONFIRMATION = "confirmation"  # 行政确认: confirmed without discretion
    COMMITMENT = "commitment"  # 告知承诺: confirmed on a promise, checked later


class NegativeListEntry(Fact):
    """An industry with special measures for foreign investment (外商投资准入负面清单).

    A standard scope entry, or all whose code begins so: a section, division or class of GB/T 4754.
    """

    scope: Annotated[str, Field(pattern=r"^[A-T]\d{0,4}(-\d{2})?$")]
    measure: Text


class EstablishmentRules(Fact):
    """What the city rules on establishment beside names and scope.

    `precedent_answer` is the limit of the written answer to whoever appeals with a precedent (有先例可办).
    """

    mode: RegistrationMode
    precedent_answer: LimitRef
    negative_list: Annotated[tuple[NegativeListEntry, ...], Field(max_length=500)] = ()


def _disordered(roles: tuple[Role, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for number, role in enumerate(roles):
        if role.minimum > role.maximum:
            yield ("roles", number, "minimum"), "is greater than maximum"
