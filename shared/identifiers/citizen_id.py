"""The citizen identity number (公民身份号码): shape, birth date, checksum, masked form.

Source: GB 11643-1999 (18 characters, ISO 7064 MOD 11-2). Whether anyone has the number is not told.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType

from stdnum.iso7064 import mod_11_2

CitizenId = NewType("CitizenId", str)

_LENGTH: Final = 18


class CitizenIdFault(StrEnum):
    """What can be wrong with a citizen identity number."""

    SHAPE = "shape"
    BIRTH_DATE = "birth_date"
    CHECKSUM = "checksum"


@dataclass(eq=False)
class InvalidCitizenId(ValueError):
    """The text is not a citizen identity number; it is kept out of the error, and so out of logs."""

    reason: CitizenIdFault

    def __str__(self) -> str:
        return f"not a citizen identity number: {self.reason.value}"


def examine_citizen_id(text: str, *, today: date | None = None) -> tuple[CitizenIdFault, ...]:
    """List all faults; with `today`, a birth date after it is a fault too.

    The division code is not looked up: numbers outlive the divisions that gave them.
    """
    if not _has_shape(text):
        return (CitizenIdFault.SHAPE,)
    faults = []
    born = _birth_date(text)
    if born is None or (today is not None and born > today):
        faults.append(CitizenIdFault.BIRTH_DATE)
    if not mod_11_2.is_valid(text):
        faults.append(CitizenIdFault.CHECKSUM)
    return tuple(faults)


def parse_citizen_id(text: str, *, today: date) -> CitizenId:
    """Return `text` as a number; raises InvalidCitizenId with the first fault."""
    faults = examine_citizen_id(text, today=today)
    if faults:
        raise InvalidCitizenId(faults[0])
    return CitizenId(text)


def mask_citizen_id(text: str) -> str:
    """Keep province and city (4 digits) and the last 2 characters; a shorter text is masked whole."""
    if len(text) < _LENGTH:
        return "*" * len(text)
    return text[:4] + "*" * (len(text) - 6) + text[-2:]


def _has_shape(text: str) -> bool:
    digits = text[:-1]
    return (
        len(text) == _LENGTH
        and text.isascii()
        and digits.isdigit()
        and digits[0] != "0"
        and (text[-1].isdigit() or text[-1] == "X")
    )


def _birth_date(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
