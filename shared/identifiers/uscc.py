"""The unified social credit code (统一社会信用代码): check characters, examination, composition.

Source: GB 32100-2015 (18 characters, MOD 31) with the organisation code of GB 11714-1997 (MOD 11) inside it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from stdnum.iso7064 import mod_11_10

from shared.identifiers.citizen_id import examine_citizen_id

Uscc = NewType("Uscc", str)

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH: Final = 18
_VALUES: Final = {character: value for value, character in enumerate(USCC_ALPHABET)}
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_BODY_LENGTH: Final = 8

# Registering authority (登记管理部门) -> body types (机构类别) that it registers.
BODY_TYPES: Final = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}


class UsccFaultCode(StrEnum):
    """What can be wrong with a credit code."""

    LENGTH = "length"
    ALPHABET = "alphabet"
    AUTHORITY = "authority"
    BODY_TYPE = "body_type"
    DIVISION_CODE = "division_code"
    CHECK_CHARACTER = "check_character"
    ORGANISATION_CHECK_CHARACTER = "organisation_check_character"


@dataclass(frozen=True)
class UsccFault:
    """One fault; `position` counts from 1, `expected` is given where only one character would be right."""

    code: UsccFaultCode
    position: int | None = None
    expected: str | None = None


@dataclass(frozen=True)
class UsccExamination:
    """Errors refuse the code; warnings ask for a second look."""

    errors: tuple[UsccFault, ...]
    warnings: tuple[UsccFault, ...]


@dataclass(eq=False)
class InvalidUscc(ValueError):
    """The text is not a credit code."""

    reason: UsccFaultCode
    position: int | None = None

    def __str__(self) -> str:
        return f"not a unified social credit code: {self.reason.value}"


@dataclass(eq=False)
class OrganisationBlockExhausted(ValueError):
    """The block holds no such serial: the authority needs a new block."""

    block: str
    capacity: int

    def __str__(self) -> str:
        return f"block {self.block} holds {self.capacity} organisation codes, all in use"


def uscc_check_character(first17: str) -> str:
    """Compute the 18th character; raises InvalidUscc unless given 17 characters of the alphabet."""
    if len(first17) != USCC_LENGTH - 1:
        raise InvalidUscc(UsccFaultCode.LENGTH)
    _demand_alphabet(first17)
    total = sum(_VALUES[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_code_check_character(first8: str) -> str:
    """Compute the 9th character of an organisation code (组织机构代码), over 0-9 and A-Z.

    Source: GB 11714-1997; 10 is written X and 11 is written 0.
    """
    if len(first8) != _ORGANISATION_BODY_LENGTH:
        raise InvalidUscc(UsccFaultCode.LENGTH)
    if not (first8.isascii() and first8.isalnum() and first8 == first8.upper()):
        raise InvalidUscc(UsccFaultCode.ALPHABET)
    total = sum(
        int(character, 36) * weight for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    )
    check = (11 - total % 11) % 11
    return "X" if check == 10 else str(check)


def examine_uscc(text: str) -> UsccExamination:
    """List all that is wrong with `text`, taken as written: no trimming, no change of case.

    A wrong inner organisation-code character is a warning only: some 79 codes in a million of those in use
    have one, because the registers issued them so.
    """
    if len(text) != USCC_LENGTH:
        return UsccExamination((UsccFault(UsccFaultCode.LENGTH),), ())
    foreign = _foreign_positions(text)
    if foreign:
        return UsccExamination(tuple(UsccFault(UsccFaultCode.ALPHABET, at) for at in foreign), ())
    return UsccExamination(tuple(_errors(text)), tuple(_warnings(text)))


def parse_uscc(text: str) -> Uscc:
    """Return `text` as a credit code; raises InvalidUscc with the first error. Warnings do not refuse it."""
    errors = examine_uscc(text).errors
    if errors:
        raise InvalidUscc(errors[0].code, errors[0].position)
    return Uscc(text)


def compose_uscc(*, authority: str, body_type: str, division_code: str, organisation_body: str) -> Uscc:
    """Compose a code from its parts and compute both check characters.

    `organisation_body` is the first 8 characters of the organisation code. Raises InvalidUscc for a bad part.
    """
    if len(division_code) != 6:
        raise InvalidUscc(UsccFaultCode.DIVISION_CODE)
    _demand_alphabet(organisation_body)
    organisation_code = organisation_body + organisation_code_check_character(organisation_body)
    first17 = f"{authority}{body_type}{division_code}{organisation_code}"
    return parse_uscc(first17 + uscc_check_character(first17))


def registered_in(uscc: str) -> str:
    """Return the division whose authority gave the code out, its digits 3 to 8. Source: GB 32100-2015, 4.2."""
    return uscc[2:8]


def organisation_body(block: str, serial: int) -> str:
    """Write `serial` (from 0) into the places that `block` leaves of 8, in base 31: one serial, one body.

    Raises OrganisationBlockExhausted when the block has no room for the serial.
    """
    places = _ORGANISATION_BODY_LENGTH - len(block)
    if not block or places < 1:
        raise InvalidUscc(UsccFaultCode.LENGTH)
    _demand_alphabet(block)
    if serial < 0:
        raise ValueError("a serial is not negative")
    capacity = len(USCC_ALPHABET) ** places
    if serial >= capacity:
        raise OrganisationBlockExhausted(block, capacity)
    characters = []
    for _ in range(places):
        serial, value = divmod(serial, len(USCC_ALPHABET))
        characters.append(USCC_ALPHABET[value])
    return block + "".join(reversed(characters))


class IdentifierKind(StrEnum):
    """What a number found in an old register may be."""

    USCC = "uscc"
    REGISTRATION_NUMBER_15 = "registration_number_15"
    REGISTRATION_NUMBER_13 = "registration_number_13"
    ORGANISATION_CODE = "organisation_code"
    CITIZEN_ID = "citizen_id"
    UNKNOWN = "unknown"


_KIND_NAMES: Final = {
    IdentifierKind.USCC: ("统一社会信用代码", "unified social credit code"),
    IdentifierKind.REGISTRATION_NUMBER_15: ("15 位工商注册号", "15-digit business registration number"),
    IdentifierKind.REGISTRATION_NUMBER_13: ("13 位工商注册号", "13-digit business registration number"),
    IdentifierKind.ORGANISATION_CODE: ("组织机构代码", "organisation code"),
    IdentifierKind.CITIZEN_ID: ("公民身份号码", "citizen identity number"),
    IdentifierKind.UNKNOWN: ("无法识别的号码", "unknown number"),
}


@dataclass(frozen=True)
class ClassifiedIdentifier:
    """A number by its kind. `is_sound` tells whether its check passes; None where the kind has no check."""

    kind: IdentifierKind
    is_sound: bool | None

    @property
    def name_zh(self) -> str:
        """Name of the kind in Chinese."""
        return _KIND_NAMES[self.kind][0]

    @property
    def name_en(self) -> str:
        """Name of the kind in English."""
        return _KIND_NAMES[self.kind][1]


def classify_identifier(text: str) -> ClassifiedIdentifier:
    """Tell what `text` is, by shape and check.

    Old registration numbers (注册号) of 13 digits have no check digit, those of 15 have MOD 11,10 (ISO 7064).
    """
    digits = text.isascii() and text.isdigit()
    if len(text) == USCC_LENGTH:
        return _classify_18(text)
    if len(text) == 15 and digits:
        return ClassifiedIdentifier(IdentifierKind.REGISTRATION_NUMBER_15, mod_11_10.is_valid(text))
    if len(text) == 13 and digits:
        return ClassifiedIdentifier(IdentifierKind.REGISTRATION_NUMBER_13, None)
    compact = text[:8] + text[9:] if len(text) == 10 and text[8] == "-" else text
    if len(compact) == 9:
        try:
            sound = organisation_code_check_character(compact[:8]) == compact[8]
        except InvalidUscc:
            return ClassifiedIdentifier(IdentifierKind.UNKNOWN, None)
        if sound or compact[8].isdigit() or compact[8] == "X":
            return ClassifiedIdentifier(IdentifierKind.ORGANISATION_CODE, sound)
    return ClassifiedIdentifier(IdentifierKind.UNKNOWN, None)


def _classify_18(text: str) -> ClassifiedIdentifier:
    found = examine_uscc(text)
    # Both kinds have 18 characters, and one text may by chance pass as either: all checks of a code outweigh.
    if (found.errors or found.warnings) and not examine_citizen_id(text):
        return ClassifiedIdentifier(IdentifierKind.CITIZEN_ID, True)
    if any(fault.code is UsccFaultCode.ALPHABET for fault in found.errors) and not text.isalnum():
        return ClassifiedIdentifier(IdentifierKind.UNKNOWN, None)
    return ClassifiedIdentifier(IdentifierKind.USCC, not found.errors)


def _errors(text: str) -> list[UsccFault]:
    faults = []
    if text[0] not in BODY_TYPES:
        faults.append(UsccFault(UsccFaultCode.AUTHORITY, 1))
    elif text[1] not in BODY_TYPES[text[0]]:
        faults.append(UsccFault(UsccFaultCode.BODY_TYPE, 2))
    if not text[2:8].isdigit():
        faults.append(UsccFault(UsccFaultCode.DIVISION_CODE, 3))
    check = uscc_check_character(text[:17])
    if text[17] != check:
        faults.append(UsccFault(UsccFaultCode.CHECK_CHARACTER, 18, check))
    return faults


def _warnings(text: str) -> list[UsccFault]:
    check = organisation_code_check_character(text[8:16])
    if text[16] == check:
        return []
    return [UsccFault(UsccFaultCode.ORGANISATION_CHECK_CHARACTER, 17, check)]


def _foreign_positions(text: str) -> list[int]:
    return [at for at, character in enumerate(text, start=1) if character not in _VALUES]


def _demand_alphabet(text: str) -> None:
    foreign = _foreign_positions(text)
    if foreign:
        raise InvalidUscc(UsccFaultCode.ALPHABET, foreign[0])
