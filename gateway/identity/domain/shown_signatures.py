"""A signature over given content, made with a digital certificate: JWS with `x5c`, or detached CMS.

Source: RFC 7515 section 4.1.6 and appendix F; RFC 5652 sections 5.1 to 5.6. SM2 with SM3 (GB/T 35275, GM/T 0009) is
recognised and refused by name: the library underneath does not know it.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509 import Certificate

from gateway.identity.domain.der import OCTET_STRING, SEQUENCE, SET, Der, UnreadableDer
from gateway.identity.domain.outside_signatures import (
    Algorithm,
    CompactJws,
    OutsideKey,
    UnreadableJws,
    is_signed_by,
)
from gateway.identity.domain.trusted_issuers import CertificateNotUsable, read_certificate

LONGEST_JWS: Final = 1_000_000
_MOST_CERTIFICATES: Final = 6
_JWS_HEADER_NAMES: Final = frozenset({"alg", "typ", "cty", "kid", "x5c"})
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_PLAIN_DATA: Final = "1.2.840.113549.1.7.1"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_CMS_ALGORITHMS: Final = {
    "1.2.840.10045.4.3.2": Algorithm.ES256,
    "1.2.840.113549.1.1.1": Algorithm.RS256,
    "1.2.840.113549.1.1.11": Algorithm.RS256,
}


class SignatureFormat(StrEnum):
    """How the signature is written."""

    JWS = "jws"
    CMS = "cms"


@dataclass(eq=False)
class SignatureNotReadable(Exception):
    """The text is not a signature of the format that it is said to be of."""


@dataclass(eq=False)
class AlgorithmNotSupported(Exception):
    """The signature was made in a way that is not verified here, such as SM2 with SM3 (国密)."""

    algorithm: str


@dataclass(eq=False)
class SignatureNotValid(Exception):
    """The signature is not one of this certificate over this content."""


@dataclass(frozen=True)
class ShownSignature:
    """A signature taken apart: who is said to have signed, what, and how."""

    format: SignatureFormat
    certificate: Certificate
    others: tuple[Certificate, ...]
    algorithm: Algorithm
    signature: bytes = field(repr=False)
    signed: bytes = field(repr=False)

    def check(self) -> None:
        """Check the signature itself; raises SignatureNotValid."""
        key = self.certificate.public_key()
        if not isinstance(key, OutsideKey) or not is_signed_by(
            key, self.algorithm, self.signature, self.signed
        ):
            raise SignatureNotValid


def read_jws(text: str, content: bytes) -> ShownSignature:
    """Read a compact JWS with its certificates, detached or not. Raises: the refusals of this module."""
    try:
        jws = CompactJws.read(text, longest=LONGEST_JWS, content=content)
    except UnreadableJws as error:
        raise (SignatureNotValid if error.reason == "content" else SignatureNotReadable) from error
    algorithm = jws.header.get("alg")
    if algorithm not in list(Algorithm):
        raise AlgorithmNotSupported(str(algorithm)[:40])
    listed = jws.header.get("x5c")
    if not set(jws.header) <= _JWS_HEADER_NAMES or not isinstance(listed, list):
        raise SignatureNotReadable
    certificates = _certificates([_from_base64(each) for each in listed])
    return ShownSignature(
        SignatureFormat.JWS,
        certificates[0],
        certificates[1:],
        Algorithm(algorithm),
        jws.signature,
        jws.signed,
    )


def read_cms(data: bytes, content: bytes) -> ShownSignature:
    """Read a detached CMS signature by one signer. Raises: the refusals of this module."""
    try:
        return _read_cms(data, content)
    except (UnreadableDer, IndexError, ValueError) as error:
        raise SignatureNotReadable from error  # fewer or more parts than the structure has, too


def _read_cms(data: bytes, content: bytes) -> ShownSignature:
    kind, wrapped = Der.read(data).expect(SEQUENCE).children()[:2]
    if kind.object_identifier() != _SIGNED_DATA:
        raise UnreadableDer
    parts = Der.read(wrapped.expect(0xA0).content).expect(SEQUENCE).children()
    if len(parts[2].expect(SEQUENCE).children()) != 1:
        raise SignatureNotReadable  # the content is within: what is asked about is given beside it
    held = next((part for part in parts[3:] if part.tag == 0xA0), None)
    signers = parts[-1].expect(SET).children()
    if held is None or len(signers) != 1:
        raise SignatureNotReadable
    certificates = _certificates([each.whole for each in held.children() if each.tag == SEQUENCE])
    return _signed_by(signers[0].expect(SEQUENCE).children(), certificates, content)


def _signed_by(signer: list[Der], certificates: tuple[Certificate, ...], content: bytes) -> ShownSignature:
    _, name, digest, *rest = signer
    if digest.expect(SEQUENCE).children()[0].object_identifier() != _SHA256:
        raise AlgorithmNotSupported(digest.children()[0].object_identifier())
    attributes = rest.pop(0) if rest[0].tag == 0xA0 else None
    made_by = rest[0].expect(SEQUENCE).children()[0].object_identifier()
    algorithm = _CMS_ALGORITHMS.get(made_by)
    if algorithm is None:
        raise AlgorithmNotSupported(made_by)
    certificate = next((each for each in certificates if _is_named(each, name)), None)
    if certificate is None:
        raise SignatureNotReadable
    signed = content
    if attributes is not None:
        _check_attributes(attributes, content)
        signed = bytes([SET]) + attributes.whole[1:]
    signature = rest[1].expect(OCTET_STRING).content
    others = tuple(each for each in certificates if each is not certificate)
    is_ec = algorithm is Algorithm.ES256
    raw = _raw_ecdsa(signature) if is_ec else signature
    return ShownSignature(SignatureFormat.CMS, certificate, others, algorithm, raw, signed)


def _check_attributes(attributes: Der, content: bytes) -> None:
    """What was signed must be this content. Source: RFC 5652 section 5.6."""
    found: dict[str, list[Der]] = {}
    for attribute in attributes.children():
        kind, values = attribute.expect(SEQUENCE).children()
        found[kind.object_identifier()] = values.expect(SET).children()
    [content_type], [digest] = found.get(_CONTENT_TYPE, [None]), found.get(_MESSAGE_DIGEST, [None])
    if content_type is None or digest is None or content_type.object_identifier() != _PLAIN_DATA:
        raise SignatureNotReadable
    if not hmac.compare_digest(digest.expect(OCTET_STRING).content, hashlib.sha256(content).digest()):
        raise SignatureNotValid


def _is_named(certificate: Certificate, name: Der) -> bool:
    """By issuer and serial number, the only way of naming a signer that is read here."""
    issuer, serial = name.expect(SEQUENCE).children()
    is_same = issuer.whole == certificate.issuer.public_bytes()
    return is_same and int.from_bytes(serial.content, signed=True) == certificate.serial_number


def _raw_ecdsa(signature: bytes) -> bytes:
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32) + s.to_bytes(32)
    except (ValueError, OverflowError) as error:
        raise SignatureNotValid from error


def _certificates(encoded: list[bytes]) -> tuple[Certificate, ...]:
    if not 1 <= len(encoded) <= _MOST_CERTIFICATES:
        raise SignatureNotReadable
    try:
        return tuple(read_certificate(each) for each in encoded)
    except CertificateNotUsable as error:
        if error.reason == "unsupported_algorithm":
            raise AlgorithmNotSupported("certificate") from error
        raise SignatureNotReadable from error


def _from_base64(value: Any) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureNotReadable from error
