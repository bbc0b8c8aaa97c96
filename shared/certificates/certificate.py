"""What an electronic certificate (电子证照) says: metadata by GB/T 36903-2018 and the fields of its face."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType

from shared.certificates.canonical import canonical_json, sha256_hex
from shared.identifiers import EcertId, EcertParts, Uscc, compose_ecert_id, parse_ecert_id

FaceValue = str | tuple[str, ...]


@dataclass(eq=False)
class InvalidCertificate(ValueError):
    """The certificate lacks something, or contradicts itself; `member` names where."""

    member: str
    reason: str

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"


class HolderCodeType(StrEnum):
    """持证主体代码类型代码."""

    USCC = "001"
    CITIZEN_ID = "111"


@dataclass(frozen=True)
class Holder:
    """持证主体: who the certificate is made out to."""

    name: str
    code: str = field(repr=False)
    code_type: HolderCodeType
    code_type_name: str | None = None


@dataclass(frozen=True)
class CopyMark:
    """加注件: what marks a copy that was made for one purpose, by whom, and until when it serves (exclusive)."""

    created_at: datetime
    creator: str
    cause: str
    expires_at: datetime

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None or self.expires_at.tzinfo is None:
            raise InvalidCertificate("copy_expires_at", "has no time zone")
        if self.expires_at <= self.created_at:
            raise InvalidCertificate("copy_expires_at", "does not lie after copy_created_at")
        if not self.creator.strip() or not self.cause.strip():
            raise InvalidCertificate("copy_cause", "a copy says who made it and for what")

    def to_primitives(self) -> dict[str, str]:
        """Write the members of GB/T 36903, times in UTC."""
        return {
            "copy_created_at": _written(self.created_at),
            "copy_creator": self.creator,
            "copy_cause": self.cause,
            "copy_expires_at": _written(self.expires_at),
        }


@dataclass(frozen=True)
class CertificateType:
    """证照类型: its 21-character code begins with the credit code of the body that defined it."""

    code: str
    name: str
    defined_by: str

    @property
    def definer_code(self) -> str:
        """证照定义机构代码."""
        return self.code[:18]


@dataclass(frozen=True)
class Certificate:
    """One version of a certificate; valid to the end of `valid_to`, or without end where it is None (长期).

    `serial` is the 流水号 of the identifier, `number` the 证照编号 printed on the face, `face` the
    照面扩展信息. A later version names the identifier of the version before it.
    Raises InvalidCertificate or InvalidEcertId when made with parts that do not go together.
    """

    kind: CertificateType
    number: str
    serial: str
    version: int
    issuer_name: str
    issuer_code: Uscc
    issued_on: date
    area_code: str
    holders: tuple[Holder, ...]
    face: Mapping[str, FaceValue]
    valid_from: date | None = None
    valid_to: date | None = None
    validity_range: str | None = None
    related_item_name: str | None = None
    related_item_code: str | None = None
    associated_identifier: EcertId | None = None
    copy_mark: CopyMark | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "face", MappingProxyType(dict(self.face)))
        for member in ("number", "issuer_name"):
            if not getattr(self, member).strip():
                raise InvalidCertificate(member, "is required")
        if len(self.area_code) != 6 or not (self.area_code.isascii() and self.area_code.isdigit()):
            raise InvalidCertificate("area_code", "must be a six-digit division code")
        if not self.holders:
            raise InvalidCertificate("holders", "a certificate is made out to somebody")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise InvalidCertificate("valid_to", "lies before valid_from")
        if self.version == 1 and self.associated_identifier is None:
            compose_ecert_id(self._parts())
            return
        self._demand_chain()

    @property
    def identifier(self) -> EcertId:
        """电子证照标识, composed from type, issuer, serial and version (GB/T 36904-2018)."""
        return compose_ecert_id(self._parts())

    def to_primitives(self) -> dict[str, object]:
        """Write the metadata under the names of GB/T 36903; optional members only where known."""
        written: dict[str, object] = {
            "certificate_identifier": self.identifier,
            "certificate_name": self.kind.name,
            "certificate_type_name": self.kind.name,
            "certificate_type_code": self.kind.code,
            "certificate_number": self.number,
            "certificate_version": f"{self.version:03d}",
            "define_authority_name": self.kind.defined_by,
            "define_authority_code": self.kind.definer_code,
            "issuing_authority_name": self.issuer_name,
            "issuing_authority_code": self.issuer_code,
            "issuing_date": self.issued_on.isoformat(),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "validity_range": self.validity_range,
            "area_code": self.area_code,
            "holder_name": [holder.name for holder in self.holders],
            "holder_code": [holder.code for holder in self.holders],
            "holder_code_type_name": self._code_type_names(),
            "holder_code_type": [holder.code_type.value for holder in self.holders],
            "related_item_name": self.related_item_name,
            "related_item_code": self.related_item_code,
            "extend_info": {n: v if isinstance(v, str) else list(v) for n, v in self.face.items()},
            "associated_identifier": self.associated_identifier,
            **(self.copy_mark.to_primitives() if self.copy_mark else {}),
        }
        return {name: value for name, value in written.items() if value is not None}

    def canonical(self) -> bytes:
        """The bytes that are signed and digested."""
        return canonical_json(self.to_primitives())

    def digest(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal."""
        return sha256_hex(self.canonical())

    def succeeded_by(self, drafted: "Certificate") -> "Certificate":
        """Return `drafted` as the next version of this one: same serial, version + 1, linked to it.

        Raises InvalidCertificate when `drafted` is of another type or issuer.
        """
        if (drafted.kind.code, drafted.issuer_code) != (self.kind.code, self.issuer_code):
            raise InvalidCertificate("associated_identifier", "another type or issuer is another certificate")
        return replace(
            drafted,
            serial=self.serial,
            version=self.version + 1,
            associated_identifier=self.identifier,
        )

    def _code_type_names(self) -> list[str] | None:
        names = [holder.code_type_name for holder in self.holders]
        return [name for name in names if name] if all(names) else None

    def _parts(self) -> EcertParts:
        return EcertParts(self.kind.code, self.issuer_code, self.serial, self.version)

    def _demand_chain(self) -> None:
        if self.associated_identifier is None:
            raise InvalidCertificate("associated_identifier", "a later version names the one before it")
        if self.associated_identifier == compose_ecert_id(self._parts()):
            raise InvalidCertificate("associated_identifier", "a version does not succeed itself")
        before = parse_ecert_id(self.associated_identifier)
        same = before.type_code == self.kind.code and before.serial == self.serial
        if same and before.issuer_code == self.issuer_code and before.version != self.version - 1:
            raise InvalidCertificate("associated_identifier", "a version follows the one just before it")


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
