"""Case numbers (受理编号) that people read out and type: `<prefix>-<division>-<yyyymmdd>-<serial>-<check>`.

The check character is ISO 7064 MOD 37,36 over all before it, without hyphens: it finds every single wrong
character.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from stdnum.iso7064 import mod_37_36

CaseNumber = NewType("CaseNumber", str)

MAX_SERIAL: Final = 999_999
_PREFIX: Final = re.compile("[A-Z]{2,4}")
_DIVISION: Final = re.compile("[0-9]{6}")
_CASE_NUMBER: Final = re.compile("([A-Z]{2,4})-([0-9]{6})-([0-9]{8})-([0-9]{6})-([0-9A-Z])")


class CaseNumberFault(StrEnum):
    """What can be wrong with a case number."""

    SHAPE = "shape"
    PREFIX = "prefix"
    DIVISION_CODE = "division_code"
    DATE = "date"
    SERIAL = "serial"
    CHECK_CHARACTER = "check_character"


@dataclass(eq=False)
class InvalidCaseNumber(ValueError):
    """The text or its parts make no case number."""

    reason: CaseNumberFault

    def __str__(self) -> str:
        return f"not a case number: {self.reason.value}"


@dataclass(frozen=True)
class CaseNumberParts:
    """What a case number says: prefix of 2 to 4 letters, division, civil day, serial of that day from 1."""

    prefix: str
    division_code: str
    opened_on: date
    serial: int


def compose_case_number(parts: CaseNumberParts) -> CaseNumber:
    """Write a case number; raises InvalidCaseNumber naming the part."""
    if not _PREFIX.fullmatch(parts.prefix):
        raise InvalidCaseNumber(CaseNumberFault.PREFIX)
    if not _DIVISION.fullmatch(parts.division_code):
        raise InvalidCaseNumber(CaseNumberFault.DIVISION_CODE)
    if not 1 <= parts.serial <= MAX_SERIAL:
        raise InvalidCaseNumber(CaseNumberFault.SERIAL)
    day = parts.opened_on.isoformat().replace("-", "")
    fields = (parts.prefix, parts.division_code, day, f"{parts.serial:06d}")
    return CaseNumber("-".join((*fields, mod_37_36.calc_check_digit("".join(fields)))))


def parse_case_number(text: str) -> CaseNumberParts:
    """Take a case number apart; raises InvalidCaseNumber."""
    match = _CASE_NUMBER.fullmatch(text)
    if match is None:
        raise InvalidCaseNumber(CaseNumberFault.SHAPE)
    prefix, division, day, serial, check = match.groups()
    if mod_37_36.calc_check_digit(prefix + division + day + serial) != check:
        raise InvalidCaseNumber(CaseNumberFault.CHECK_CHARACTER)
    if int(serial) < 1:
        raise InvalidCaseNumber(CaseNumberFault.SERIAL)
    try:
        opened_on = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a civil day has no zone
    except ValueError as error:
        raise InvalidCaseNumber(CaseNumberFault.DATE) from error
    return CaseNumberParts(prefix, division, opened_on, int(serial))


def is_case_number(text: str) -> bool:
    """Tell whether `text` is a case number with a right check character."""
    try:
        parse_case_number(text)
    except InvalidCaseNumber:
        return False
    return True
