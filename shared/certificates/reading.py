"""Certificates read back from their JSON form."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from shared.certificates.certificate import (
    Certificate,
    CertificateType,
    CopyMark,
    FaceValue,
    Holder,
    HolderCodeType,
    InvalidCertificate,
)
from shared.identifiers import EcertId, parse_uscc

MAX_BYTES = 256 * 1024


def certificate_from_json(content: bytes) -> Certificate:
    """Read a certificate; raises ValueError (InvalidCertificate and kin) unless in canonical form.

    That form is unique, so unknown and doubled members, odd spelling and contradictions are all refused.
    """
    if len(content) > MAX_BYTES:
        raise InvalidCertificate("certificate", "is too large")
    try:
        written = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidCertificate("certificate", "is not JSON") from error
    certificate = _certificate(_object(written, "certificate"))
    if certificate.canonical() != content:
        raise InvalidCertificate("certificate", "is not in canonical form")
    return certificate


def _certificate(written: Mapping[str, object]) -> Certificate:
    face = _object(written.get("extend_info"), "extend_info")
    associated = _optional(written, "associated_identifier")
    return Certificate(
        kind=CertificateType(
            code=_text(written, "certificate_type_code"),
            name=_text(written, "certificate_type_name"),
            defined_by=_text(written, "define_authority_name"),
        ),
        number=_text(written, "certificate_number"),
        serial=_serial(_text(written, "certificate_identifier")),
        version=_version(_text(written, "certificate_version")),
        issuer_name=_text(written, "issuing_authority_name"),
        issuer_code=parse_uscc(_text(written, "issuing_authority_code")),
        issued_on=date.fromisoformat(_text(written, "issuing_date")),
        area_code=_text(written, "area_code"),
        holders=_holders(written),
        face={name: _face(value) for name, value in face.items()},
        valid_from=_date(written, "valid_from"),
        valid_to=_date(written, "valid_to"),
        validity_range=_optional(written, "validity_range"),
        related_item_name=_optional(written, "related_item_name"),
        related_item_code=_optional(written, "related_item_code"),
        associated_identifier=None if associated is None else EcertId(associated),
        copy_mark=_copy_mark(written),
    )


def _copy_mark(written: Mapping[str, object]) -> CopyMark | None:
    if "copy_created_at" not in written:
        return None
    return CopyMark(
        created_at=datetime.fromisoformat(_text(written, "copy_created_at")),
        creator=_text(written, "copy_creator"),
        cause=_text(written, "copy_cause"),
        expires_at=datetime.fromisoformat(_text(written, "copy_expires_at")),
    )


def _serial(identifier: str) -> str:
    fields = identifier.split(".")
    if len(fields) != 10:
        raise InvalidCertificate("certificate_identifier", "has not the form of GB/T 36904")
    return fields[7]


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvalidCertificate("certificate_version", "is not a number")
    return int(text[:4])


def _holders(written: Mapping[str, object]) -> tuple[Holder, ...]:
    names, codes, types = (_texts(written, f"holder_{part}") for part in ("name", "code", "code_type"))
    named = "holder_code_type_name" in written
    type_names: list[str | None] = (
        [*_texts(written, "holder_code_type_name")] if named else [None] * len(types)
    )
    if not len(names) == len(codes) == len(types) == len(type_names):
        raise InvalidCertificate("holder_name", "names, codes and types of holders differ in number")
    return tuple(
        Holder(name, code, HolderCodeType(kind), type_name)
        for name, code, kind, type_name in zip(names, codes, types, type_names, strict=True)
    )


def _face(value: object) -> FaceValue:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(element, str) for element in value):
        return tuple(value)
    raise InvalidCertificate("extend_info", "a field is a text or a list of texts")


def _object(value: object, member: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidCertificate(member, "must be an object")
    return value


def _text(written: Mapping[str, object], member: str) -> str:
    value = written.get(member)
    if not isinstance(value, str):
        raise InvalidCertificate(member, "must be a text")
    return value


def _texts(written: Mapping[str, object], member: str) -> list[str]:
    value = written.get(member)
    if not isinstance(value, list) or not all(isinstance(element, str) for element in value):
        raise InvalidCertificate(member, "must be a list of texts")
    return value


def _optional(written: Mapping[str, object], member: str) -> str | None:
    return _text(written, member) if member in written else None


def _date(written: Mapping[str, object], member: str) -> date | None:
    return date.fromisoformat(_text(written, member)) if member in written else None
