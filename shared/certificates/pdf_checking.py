"""Checks of a document's PDF signature: whether one of ours covers every byte of it.

The file is not read as a PDF: what somebody presents may be made to exhaust or to mislead a reader. A signature of ours
over all bytes says all there is to say, for only a whole document was ever signed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from shared.certificates.document import PDF_SIGNATURE, FileFinding, FileReport, SignedFile
from shared.certificates.pdf_signing import UnusableCertificate, shown_name
from shared.security.keys import VerificationKey, thumbprint_of

Chain = Sequence[x509.Certificate]

_MOST_SIGNATURES: Final = 8
_LONGEST_SIGNATURE: Final = 128 * 1024
_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,7})\s+(\d{1,7})\s+(\d{1,7})\s*\]")
# As an algorithm of CMS, without and with the empty parameters that RFC 5754 section 2 allows.
_SHA256: Final = (
    bytes.fromhex("300b0609608648016503040201"),
    bytes.fromhex("300d06096086480165030402010500"),
)
_HEX: Final = re.compile(rb"<((?:[0-9A-F]{2})+)>")


@dataclass(frozen=True)
class FileTrust:
    """Whose signatures over documents are ours: certificates, and keys of the platform under any certificate.

    `issuers` may stand beside ours in a signature; they sign no documents.
    """

    certificates: frozenset[bytes]
    issuers: frozenset[bytes]
    keys: Mapping[str, VerificationKey]

    def knows(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate, or the key in it, is one of ours."""
        if certificate.public_bytes(serialization.Encoding.DER) in self.certificates:
            return True
        key = certificate.public_key()
        return (
            isinstance(key, ec.EllipticCurvePublicKey)
            and isinstance(key.curve, ec.SECP256R1)
            and thumbprint_of(key) in {thumbprint_of(each.public_key) for each in self.keys.values()}
        )


@dataclass(frozen=True)
class _Found:
    """A signature: whether it holds over what it covers, whether that is all, and certificates beside its own."""

    certificate: x509.Certificate
    beside: frozenset[bytes]
    holds: bool
    covers_all: bool


def check_file(file: SignedFile, trust: FileTrust) -> FileReport:
    """What the signatures over the document say of it. Never raises for what is presented."""
    if PDF_SIGNATURE not in file.content:
        return file.by_platform_signature(trust.keys)
    found = list(_signatures(file.content))
    ours = [each for each in found if trust.knows(each.certificate)]
    for each in ours:
        if each.holds and each.covers_all and each.beside <= trust.issuers:
            return FileReport(FileFinding.WHOLE, _signer(each))
    if ours:
        return FileReport(FileFinding.CHANGED, _signer(ours[0]))
    foreign = [each for each in found if each.holds]
    return (
        FileReport(FileFinding.FOREIGN, _signer(foreign[0])) if foreign else FileReport(FileFinding.CHANGED)
    )


def older_chains(folder: Path | None) -> tuple[Chain, ...]:
    """Those that signed documents before, each with its issuers: every `*.pem` of the folder.

    Raises UnusableCertificate, OSError.
    """
    return tuple(_chain(file) for file in sorted(folder.glob("*.pem"))) if folder else ()


def trust_in(chains: Iterable[Chain], keys: Mapping[str, VerificationKey]) -> FileTrust:
    """The first certificate of each chain signs documents, or did; and so do these keys."""
    written = [[each.public_bytes(serialization.Encoding.DER) for each in chain] for chain in chains]
    issuers = frozenset(der for chain in written for der in chain[1:])
    return FileTrust(frozenset(chain[0] for chain in written), issuers, keys)


def _chain(file: Path) -> Chain:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except ValueError as error:
        raise UnusableCertificate(file.name, "no certificate in PEM") from error


def _signatures(content: bytes) -> Iterable[_Found]:
    """Those that can be read; each leaves out its own place only (ISO 32000-2 12.8.1)."""
    for place in list(_RANGE.finditer(content))[:_MOST_SIGNATURES]:
        begin, after, rest = (int(number) for number in place.groups())
        own = _HEX.fullmatch(content, begin, after) if begin < after <= begin + _LONGEST_SIGNATURE else None
        if own is None or after + rest > len(content):
            continue
        digest = sha256(content[:begin] + content[after : after + rest]).digest()
        try:
            certificate, beside, holds = _verified(bytes.fromhex(own.group(1).decode()), digest)
        except (
            ValueError,
            TypeError,
            UnsupportedAlgorithm,
            CMSStructuralError,
            SignatureValidationError,
        ):  # what cannot be read as a signature is none: the document counts as changed
            continue
        yield _Found(certificate, beside, holds, covers_all=after + rest == len(content))


def _verified(padded: bytes, digest: bytes) -> tuple[x509.Certificate, frozenset[bytes], bool]:
    envelope = cms.ContentInfo.load(padded)
    written = envelope.dump()
    if padded[len(written) :].strip(b"\0") or not _is_whole(envelope):
        raise ValueError("something is hidden in the signature, or behind it")
    if envelope["content_type"].native != "signed_data":
        raise ValueError("it is no signature")
    signed = envelope["content"]
    [signer] = signed["signer_infos"]
    if any(each.name != "certificate" for each in signed["certificates"]):
        raise ValueError("it holds certificates of another kind")
    chain = [each.chosen for each in signed["certificates"]]
    [own] = [each for each in chain if _names(signer["sid"], each)]
    is_intact, is_valid = validate_sig_integrity(signer, own, "data", digest)
    holds = is_intact and is_valid and _is_plain(signed, signer)
    beside = frozenset(each.dump() for each in chain if each is not own)
    return x509.load_der_x509_certificate(own.dump()), beside, holds


def _is_whole(envelope: cms.ContentInfo) -> bool:
    return bool(envelope.contents == envelope["content_type"].dump() + envelope["content"].dump())


def _names(sid: cms.SignerIdentifier, certificate: asn1.Certificate) -> bool:
    named = sid.chosen
    if sid.name != "issuer_and_serial_number":
        return False
    written: tuple[bytes, int] = (named["issuer"].dump(), named["serial_number"].native)
    return written == (certificate.issuer.dump(), certificate.serial_number)


def _is_plain(signed: cms.SignedData, signer: cms.SignerInfo) -> bool:
    """Whether nothing stands in it beside what is signed, and what is needed to verify that."""
    attributes = [each["type"].native for each in signer["signed_attrs"]]
    return (
        [each.dump() in _SHA256 for each in signed["digest_algorithms"]] == [True]
        and signed["version"].native == signer["version"].native == "v1"
        and signed["encap_content_info"]["content_type"].native == "data"
        and not signed["encap_content_info"]["content"]
        and not signed["crls"]
        and not signer["unsigned_attrs"]
        and signer["digest_algorithm"].dump() in _SHA256
        and {"content_type", "message_digest", "signing_certificate_v2"} <= set(attributes)
    )


def _signer(found: _Found) -> str:
    return shown_name(found.certificate.subject)
