"""A reconciliation (数据比对) of the register with an outside one: what differs, by field, and how that was settled."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.registration.domain.enterprise import Enterprise
from services.registration.domain.establishment import Person
from services.registration.domain.import_reasons import Reason
from services.registration.domain.imported_row import StatedEnterprise
from services.registration.domain.kinds import EnterpriseKind
from services.registration.domain.register_import import FIRST_ROW, ImportStatus, Lines


class DifferenceKind(StrEnum):
    """In what the registers differ."""

    FIELD = "field"  # 字段不一致
    ONLY_HERE = "only_here"  # 仅本登记簿有
    ONLY_THERE = "only_there"  # 仅对方有
    UNREADABLE = "unreadable"  # 对方数据无法识别


class Settlement(StrEnum):
    """How a difference was settled; nothing is overwritten while it is open."""

    OPEN = "open"
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True)
class FieldDifference:
    """A field in which the registers differ; of people only that they do."""

    field: str
    ours: str | None
    theirs: str | None


@dataclass(frozen=True)
class Difference:
    """A difference, by number within its reconciliation."""

    number: int
    kind: DifferenceKind
    line: int | None
    uscc: str
    field: str | None
    ours: str | None
    theirs: str | None
    reasons: tuple[Reason, ...] = ()
    settlement: Settlement = Settlement.OPEN
    settled_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Reconciliation:
    """A reconciliation with what is done of it; `division` is what the outside register covers, None for all.

    `walked_to` is the code up to which it is known what only this register has.
    """

    id: UUID
    source: str
    sha256: str
    total_lines: int
    division: str | None
    status: ImportStatus
    started_at: datetime
    completed_at: datetime | None
    done: tuple[Lines, ...]
    compared: int
    same: int
    differences: Mapping[DifferenceKind, int]
    settled: int
    walked_to: str

    @property
    def next_line(self) -> int:
        """The first line that was not compared yet; beyond the file when all were."""
        return self.done[0].last + 1 if self.done and self.done[0].first == FIRST_ROW else FIRST_ROW

    @property
    def open(self) -> int:
        """Differences that nobody settled yet."""
        return sum(self.differences.values()) - self.settled


def compare(
    theirs: StatedEnterprise, ours: Enterprise, representative: Person | None
) -> tuple[FieldDifference, ...]:
    """What differs; a field that the outside register leaves empty is not compared, a kind that we do not know is.

    Texts are compared without width, case and punctuation: registers write the same address in many ways.
    """
    scope = "；".join(entry.text for entry in ours.scope)
    capital = None if theirs.capital_currency != (ours.capital_currency or "CNY") else theirs.capital_fen
    is_unsaid = theirs.is_kind_inferred and ours.enterprise_kind is not EnterpriseKind.OTHER
    kind = None if is_unsaid or theirs.kind is EnterpriseKind.OTHER else theirs.kind
    pairs: tuple[tuple[str, object, object], ...] = (
        ("name", ours.name, theirs.name),
        ("enterprise_kind", ours.enterprise_kind.value, kind.value if kind else None),
        ("state", ours.state.value, theirs.state.value if theirs.state else None),
        ("established_on", ours.established_on, theirs.established_on),
        ("registered_capital_fen", ours.registered_capital_fen, capital),
        ("domicile_text", ours.domicile_text, theirs.address),
        ("scope", scope, theirs.scope_stated),
    )
    found = [
        FieldDifference(name, None if one is None else str(one), str(other))
        for name, one, other in pairs
        if other is not None and _plain(one) != _plain(other)
    ]
    if theirs.representative is not None and not _is_same(theirs.representative, representative):
        found.append(FieldDifference("legal_representative", None, None))
    return tuple(found)


def _plain(value: object) -> str | None:
    if value is None:
        return None
    return "".join(ch for ch in unicodedata.normalize("NFKC", str(value)).upper() if ch.isalnum())


def _is_same(one: Person, other: Person | None) -> bool:
    return other is not None and (one.name, one.id_number) == (other.name, other.id_number)
