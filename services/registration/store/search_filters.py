"""What the register's search may filter by, as conditions of SQL: which ones an index in the order of names serves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.registration.domain.kinds import EnterpriseKind, EnterpriseState
from services.registration.domain.names import name_key
from shared.security.office import OfficeLevel, level_of, span_of

SortKey = tuple[int, str, str]
"""Names that begin with what is looked for come first (0); then by name and code."""

_LAST: Final = "\U0010ffff"
_BEGINS: Final = "name_key >= :begins AND name_key < :begins_end"


@dataclass(frozen=True)
class Search:
    """Filters of the public register; `name` is the beginning of a name, `words` stand anywhere in it.

    `address_of` is an enterprise: whoever has the same address (一址多照).
    """

    name: str | None = None
    words: tuple[str, ...] = ()
    code: str | None = None
    scope: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    address_of: str | None = None
    industry: str | None = None
    division: str | None = None
    state: EnterpriseState | None = None
    kind: EnterpriseKind | None = None
    established_from: date | None = None
    established_to: date | None = None

    @property
    def begins(self) -> str | None:
        """What names that come first begin with."""
        return name_key(self.words[0]) if self.words else None


@dataclass(frozen=True)
class Filter:
    """Conditions with their values; `along` are those that an index in the order of names serves.

    `in_names` look at the name alone. `pairs` say the same as others do, so that the indexes of pairs serve them;
    `name_pairs` are those of names.
    """

    along: tuple[str, ...]
    in_names: tuple[str, ...]
    other: tuple[str, ...]
    pairs: tuple[str, ...]
    name_pairs: tuple[str, ...]
    values: dict[str, object]

    @property
    def all(self) -> tuple[str, ...]:
        """Everything that must be so."""
        return (*self.along, *self.in_names, *self.other)

    def narrowed(self, clause: str, **values: object) -> "Filter":
        """The same with one more condition that the order of names serves."""
        return replace(self, along=(*self.along, clause), values=self.values | values)

    def at_address(self, key: str) -> "Filter":
        """Those of one address."""
        clause = "hashtextextended(address_key, 0) = hashtextextended(:address_key, 0)"
        return self.narrowed(f"{clause} AND address_key = :address_key", address_key=key)

    def after(self, after: SortKey | None) -> "Filter":
        """Those that come later in the order of names."""
        if after is None:
            return self
        clause = "(name_key, uscc) > (:after_name, :after_uscc)"
        return self.narrowed(clause, after_name=after[1], after_uscc=after[2])

    def up_to(self, name: str, uscc: str) -> "Filter":
        """Those that come no later than this."""
        return self.narrowed("(name_key, uscc) <= (:end_name, :end_uscc)", end_name=name, end_uscc=uscc)

    def parted(self, begins: str, after: SortKey | None) -> tuple["Filter", ...]:
        """Names that begin so, then the others, each in order: what of both is still to come."""
        bounds: dict[str, object] = {"begins": begins, "begins_end": begins + _LAST}
        inside = replace(self, in_names=(*self.in_names, f"NOT ({_BEGINS})"), values=self.values | bounds)
        if after is not None and after[0]:
            return (inside.after(after),)
        return self.narrowed(_BEGINS, **bounds).after(after), inside


def where(clauses: Sequence[str]) -> str:
    """All of them together."""
    return f"WHERE {' AND '.join(clauses)}" if clauses else ""


def filter_of(wanted: Search) -> Filter:
    """The conditions of a search, apart from the address of another enterprise, which has to be read first."""
    along: list[str] = []  # the indexes of states leave the active ones out: they are nearly all
    other: list[str] = []
    values: dict[str, object] = {}
    if wanted.name:
        along.append("name_key >= :name_from AND name_key < :name_to")
        begins = name_key(wanted.name)
        values |= {"name_from": begins, "name_to": begins + _LAST}
    if wanted.division:
        is_along, clause, bounds = _in_division(wanted.division)
        (along if is_along else other).append(clause)
        values |= bounds
    if wanted.code:
        other.append("uscc >= :code AND uscc < :code_end")
        values |= {"code": wanted.code, "code_end": wanted.code + _LAST}
    if wanted.industry:
        other.append('industry_code COLLATE "C" >= :industry AND industry_code COLLATE "C" < :industry_end')
        values |= {"industry": wanted.industry, "industry_end": wanted.industry + _LAST}
    if wanted.state:
        is_active = wanted.state is EnterpriseState.ACTIVE
        (other if is_active else along).append(
            "state = :state" + ("" if is_active else " AND state <> 'active'")
        )
        values["state"] = wanted.state.value
    for column, value, clause in (
        ("kind", wanted.kind and wanted.kind.value, "enterprise_kind = :kind"),
        ("established_from", wanted.established_from, "established_on >= :established_from"),
        ("established_to", wanted.established_to, "established_on <= :established_to"),
    ):
        if value is not None:
            other.append(clause)
            values[column] = value
    in_names: list[str] = []
    pairs: list[str] = []
    for column, words, clauses in (
        ("name_key", wanted.words, in_names),
        ("scope_key", wanted.scope, other),
        ("address_key", wanted.address, other),
    ):
        for place, word in enumerate(words):
            parameter = f"{column}_{place}"
            clauses.append(f"strpos({column}, :{parameter}) > 0")
            pairs.append(f"text_pairs({column}) @> text_pairs(:{parameter})")
            values[parameter] = name_key(word)
    name_pairs = tuple(pairs[: len(wanted.words)])
    return Filter(tuple(along), tuple(in_names), tuple(other), tuple(pairs), name_pairs, values)


def _in_division(division: str) -> tuple[bool, str, dict[str, object]]:
    """All that lie in the division: a county's as the register has them, above and below by the code's beginning."""
    match level_of(division):
        case OfficeLevel.COUNTY:
            return True, "division_code = :division", {"division": division[:6]}
        case OfficeLevel.PROVINCE | OfficeLevel.CITY:
            column = "division_code"
        case OfficeLevel.TOWN | OfficeLevel.VILLAGE:
            column = 'domicile_division_code COLLATE "C"'
    first, end = span_of(division)
    bounds: dict[str, object] = {"division": first, "division_end": end}
    return False, f"{column} >= :division AND {column} < :division_end", bounds
