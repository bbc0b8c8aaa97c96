"""The identifier of an electronic certificate (电子证照标识).

Source: GB/T 36904-2018; check character ISO 7064 MOD 37,36 (GB/T 17710) over type, issuer, serial and version
joined without dots and without the root.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from stdnum.iso7064 import mod_37_36

from shared.identifiers.uscc import USCC_ALPHABET, examine_uscc

EcertId = NewType("EcertId", str)

ECERT_ROOT: Final = "1.2.156.3005.2"
_TYPE_CODE: Final = re.compile(f"[{USCC_ALPHABET}]{{18}}[0-9]{{3}}")
_ISSUER_CODE: Final = re.compile(f"[{USCC_ALPHABET}]{{18}}|[0-9]{{6}}")
_SERIAL: Final = re.compile("[0-9A-Z]{1,32}")
_VERSION: Final = re.compile("[0-9]{3}")


class EcertFault(StrEnum):
    """What can be wrong with a certificate identifier."""

    SHAPE = "shape"
    ROOT = "root"
    TYPE_CODE = "type_code"
    ISSUER_CODE = "issuer_code"
    SERIAL = "serial"
    VERSION = "version"
    CHECK_CHARACTER = "check_character"


@dataclass(eq=False)
class InvalidEcertId(ValueError):
    """The text or its parts make no certificate identifier."""

    reason: EcertFault

    def __str__(self) -> str:
        return f"not a certificate identifier: {self.reason.value}"


@dataclass(frozen=True)
class EcertParts:
    """The parts of an identifier: 证照类型代码, 证照颁发机构代码, 流水号, 版本号."""

    type_code: str
    issuer_code: str
    serial: str
    version: int


def compose_ecert_id(parts: EcertParts) -> EcertId:
    """Compose an identifier of our own; raises InvalidEcertId naming the part.

    Stricter than parsing: defining and issuing body are sound credit codes, the serial has 8 to 32 places.
    """
    if not _TYPE_CODE.fullmatch(parts.type_code) or examine_uscc(parts.type_code[:18]).errors:
        raise InvalidEcertId(EcertFault.TYPE_CODE)
    if examine_uscc(parts.issuer_code).errors:
        raise InvalidEcertId(EcertFault.ISSUER_CODE)
    if not _SERIAL.fullmatch(parts.serial) or len(parts.serial) < 8:
        raise InvalidEcertId(EcertFault.SERIAL)
    if not 1 <= parts.version <= 999:
        raise InvalidEcertId(EcertFault.VERSION)
    version = f"{parts.version:03d}"
    check = mod_37_36.calc_check_digit(f"{parts.type_code}{parts.issuer_code}{parts.serial}{version}")
    return EcertId(f"{ECERT_ROOT}.{parts.type_code}.{parts.issuer_code}.{parts.serial}.{version}.{check}")


def parse_ecert_id(text: str) -> EcertParts:
    """Take an identifier apart; raises InvalidEcertId.

    Identifiers in use are accepted as met: an issuer may be given by a six-digit division code,
    a serial may have fewer than 8 characters.
    """
    if not text.startswith(ECERT_ROOT + "."):
        raise InvalidEcertId(EcertFault.ROOT)
    fields = text.removeprefix(ECERT_ROOT + ".").split(".")
    if len(fields) != 5:
        raise InvalidEcertId(EcertFault.SHAPE)
    type_code, issuer_code, serial, version, check = fields
    shapes = (
        (_TYPE_CODE, type_code, EcertFault.TYPE_CODE),
        (_ISSUER_CODE, issuer_code, EcertFault.ISSUER_CODE),
        (_SERIAL, serial, EcertFault.SERIAL),
        (_VERSION, version, EcertFault.VERSION),
    )
    for shape, value, fault in shapes:
        if not shape.fullmatch(value):
            raise InvalidEcertId(fault)
    if version == "000":
        raise InvalidEcertId(EcertFault.VERSION)
    if mod_37_36.calc_check_digit(type_code + issuer_code + serial + version) != check:
        raise InvalidEcertId(EcertFault.CHECK_CHARACTER)
    return EcertParts(type_code, issuer_code, serial, int(version))


def is_ecert_id(text: str) -> bool:
    """Tell whether `text` is an identifier with a right check character."""
    try:
        parse_ecert_id(text)
    except InvalidEcertId:
        return False
    return True
