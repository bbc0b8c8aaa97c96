"""One row of an existing register: lenient where registers are untidy, strict where identity is at stake."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.registration.domain.establishment import Person
from services.registration.domain.import_reasons import Reason, reason
from services.registration.domain.imported_extras import (
    EXTRA_COLUMNS,
    EXTRA_LIMITS,
    read_representative,
    read_state,
)
from services.registration.domain.imported_kind import kind_of
from services.registration.domain.kinds import EnterpriseKind, EnterpriseState
from services.registration.domain.names import NameKeys, split_name
from services.registration.domain.policy import RegistryPolicy
from services.registration.domain.stated_capital import read_capital
from shared.identifiers import (
    IdentifierKind,
    UsccFaultCode,
    classify_identifier,
    examine_uscc,
    mask_citizen_id,
)

COLUMNS: Final = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
_ALL: Final = (*COLUMNS, *EXTRA_COLUMNS)
_LIMITS: Final = (200, 40, 40, 100, 100, 10_000, 50, 100, 500)
_ABSENT: Final = frozenset({"", "N/A", "NA", "NULL", "NONE", "-", "--", "—", "无", "/"})
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EARLIEST: Final = date(1850, 1, 1)
# A citizen identity number, mistyped ones too: division, day of birth, order, check. Source: GB 11643.
_LIKE_A_PERSON: Final = re.compile(
    r"[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]?"
)
_NATIONAL_REGISTRAR: Final = "100000"


@dataclass(frozen=True)
class StatedEnterprise:
    """An enterprise as the old register states it."""

    uscc: str
    name: str
    keys: NameKeys
    kind: EnterpriseKind
    kind_stated: str | None
    established_on: date | None
    capital_fen: int | None
    capital_currency: str | None
    capital_stated: str | None
    scope_stated: str | None
    address: str | None
    division_code: str
    name_division: str
    digest: bytes
    state: EnterpriseState | None = None
    representative: Person | None = None
    is_kind_inferred: bool = False


@dataclass(frozen=True)
class ReadRow:
    """What came of reading a row: an enterprise with warnings, or None with the reasons of refusal."""

    line: int
    uscc: str
    stated: StatedEnterprise | None
    reasons: tuple[Reason, ...]


def read_row(line: int, cells: Sequence[str], policy: RegistryPolicy, today: date) -> ReadRow:
    """Read one row; every reason is told, not only the first."""
    cells = [cell.strip() for cell in cells]
    if not any(cells):
        return ReadRow(line, "", None, (reason("row.blank"),))
    if len(cells) not in (len(COLUMNS), len(COLUMNS) + len(EXTRA_COLUMNS)):
        return ReadRow(line, "", None, (reason("row.columns", count=len(cells), expected=len(COLUMNS)),))
    extras = [_present(cell) for cell in cells[len(COLUMNS) :]] or [None] * len(EXTRA_COLUMNS)
    uscc = unicodedata.normalize("NFKC", cells[1]).upper()
    refusals = [*_texts(cells), *_code(uscc)]
    if cells[0].upper() in _ABSENT:
        refusals.append(reason("name.missing"))
    established_on, about_date = _date(cells[2], today)
    warnings: list[Reason] = []
    if about_date:
        (refusals if about_date.refuses else warnings).append(about_date)
    state, about_state = read_state(extras)
    if about_state:
        refusals.append(about_state)
    if refusals:
        return ReadRow(line, _shown(uscc), None, tuple(refusals))
    warnings += _code_warnings(uscc, cells[1], policy)
    stated, about_entries = _stated(cells, uscc, established_on, policy)
    representative, about_representative = read_representative(extras, stated.kind)
    if about_representative:
        warnings.append(about_representative)
    stated = replace(stated, state=state, representative=representative)
    return ReadRow(line, uscc, stated, (*warnings, *about_entries))


def without_representative(cells: Sequence[str]) -> tuple[str, ...]:
    """The row, saying nobody's name."""
    known = len(COLUMNS) + 1
    return (*cells[:known], *("" for _ in cells[known:]))


def differences(stated: StatedEnterprise, held: StatedEnterprise) -> tuple[str, ...]:
    """Names of the columns in which two rows about one enterprise differ."""
    pairs = (
        (COLUMNS[0], stated.name, held.name),
        (COLUMNS[2], stated.established_on, held.established_on),
        (COLUMNS[3], stated.kind_stated, held.kind_stated),
        (COLUMNS[4], stated.capital_stated, held.capital_stated),
        (COLUMNS[5], stated.scope_stated, held.scope_stated),
        (COLUMNS[8], stated.address, held.address),
        (EXTRA_COLUMNS[0], stated.state or held.state, held.state),
        (EXTRA_COLUMNS[1], _who(stated.representative or held.representative), _who(held.representative)),
    )
    named = tuple(column for column, one, other in pairs if one != other)
    return named or (COLUMNS[6], COLUMNS[7])


def _who(person: Person | None) -> tuple[str, str] | None:
    return (person.name, person.id_number) if person else None


def _texts(cells: Sequence[str]) -> list[Reason]:
    found = [
        reason("cell.too_long", column=column, limit=limit)
        for column, cell, limit in zip(_ALL, cells, (*_LIMITS, *EXTRA_LIMITS), strict=False)
        if len(cell) > limit
    ]
    found += [
        reason("cell.unreadable", column=column)
        for column, cell in zip(_ALL, cells, strict=False)
        if "\ufffd" in cell
    ]
    return found


def _shown(code: str) -> str:
    """What is kept and shown of a code that was refused: of a person's number no more than its ends."""
    is_person = classify_identifier(code).kind is IdentifierKind.CITIZEN_ID or _LIKE_A_PERSON.fullmatch(code)
    return mask_citizen_id(code) if is_person else code[:40]


def _code(uscc: str) -> list[Reason]:
    if uscc in _ABSENT:
        return [reason("uscc.missing")]
    kind = classify_identifier(uscc)
    if kind.kind is IdentifierKind.REGISTRATION_NUMBER_13:
        return [reason("uscc.registration_number_13")]
    if kind.kind is IdentifierKind.REGISTRATION_NUMBER_15:
        return [reason("uscc.registration_number_15")]
    if kind.kind is IdentifierKind.ORGANISATION_CODE:
        return [reason("uscc.organisation_code")]
    if kind.kind is IdentifierKind.CITIZEN_ID:
        return [reason("uscc.citizen_id")]
    return [
        reason(f"uscc.{fault.code.value}", position=fault.position or 0, expected=fault.expected or "")
        for fault in examine_uscc(uscc).errors[:5]
    ]


def _code_warnings(uscc: str, written: str, policy: RegistryPolicy) -> list[Reason]:
    found = [
        reason("uscc.organisation_check_character", expected=warning.expected or "")
        for warning in examine_uscc(uscc).warnings
        if warning.code is UsccFaultCode.ORGANISATION_CHECK_CHARACTER
    ]
    if uscc != written:
        found.append(reason("uscc.rewritten"))
    division = uscc[2:8]
    if division != _NATIONAL_REGISTRAR and division[:2] not in policy.province_codes:
        found.append(reason("division.unknown", division=division))
    return found


def _date(text: str, today: date) -> tuple[date | None, Reason | None]:
    if text.upper() in _ABSENT:
        return None, reason("date.missing")
    plain = unicodedata.normalize("NFKC", text)
    match = _DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain)
    try:
        found = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        found = None
    if found is None:
        return None, reason("date.unreadable")
    if found > today:
        return None, reason("date.future")
    if found < _EARLIEST:
        return None, reason("date.implausible")
    return found, None


def _stated(
    cells: Sequence[str], uscc: str, established_on: date | None, policy: RegistryPolicy
) -> tuple[StatedEnterprise, tuple[Reason, ...]]:
    name, _, _, kind, capital, scope, _, _, address = cells[: len(COLUMNS)]
    capital_stated = _present(capital)
    read = read_capital(capital) if capital_stated else None
    warnings = [reason("capital.unreadable")] if capital_stated and read is None else []
    kind_stated = _present(kind)
    found, about_kind = kind_of(kind_stated, uscc, name)
    if about_kind:
        warnings.append(about_kind)
    told = cells if any(cells[len(COLUMNS) :]) else cells[: len(COLUMNS)]
    canonical = "\x1f".join([uscc if at == 1 else cell for at, cell in enumerate(told)])
    division = uscc[2:8]
    stated = StatedEnterprise(
        uscc=uscc,
        name=name,
        keys=split_name(name, policy.names),
        kind=found,
        kind_stated=kind_stated,
        established_on=established_on,
        capital_fen=read.fen if read else None,
        capital_currency=read.currency if read else None,
        capital_stated=capital_stated,
        scope_stated=_present(scope),
        address=_present(address),
        division_code=division,
        name_division=policy.successors.get(division, division),
        digest=hashlib.sha256(canonical.encode()).digest(),
        is_kind_inferred=about_kind is not None,
    )
    return stated, tuple(warnings)


def _present(text: str) -> str | None:
    return None if text.upper() in _ABSENT else text
