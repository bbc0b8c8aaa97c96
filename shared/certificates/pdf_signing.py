"""PDF signatures (PAdES baseline B-B) over a whole document: who signs behind one interface, and how it is put in.

A reader of PDF shows whether anything of the file was changed since. Source: ETSI EN 319 142-1; ISO 32000-2 12.8.
"""

import asyncio
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shared.certificates.issuing import Statement
from shared.certificates.local_certificate import LOCAL_STATEMENT, self_signed
from shared.security.keys import SigningKey

FIELD: Final = "RegistrarSignature"
_DIGEST: Final = "sha256"
_SMALLEST_RSA: Final = 2048
# Signature, attributes and framing beside the certificates; two characters each byte, as PDF writes them.
_FRAMING_BYTES: Final = 4096
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(eq=False)
class UnusableCertificate(ValueError):
    """The certificate that should sign documents cannot: the process does not start."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"certificate that signs documents, {self.file}: {self.reason}"


@dataclass(eq=False)
class SigningUnavailable(Exception):
    """Nothing can be signed now: the certificate is not valid today, or its service does not answer."""

    reason: str


class DocumentSigner(Protocol):
    """Who signs documents: a key beside the service, an HSM, or a licensed service that signs from afar.

    `sign` is called in a thread of its own and may wait; it raises SigningUnavailable.
    """

    @property
    def certificates(self) -> Sequence[x509.Certificate]:
        """The certificate that signs, then those that issued it."""
        ...

    @property
    def statement(self) -> Statement:
        """What the page says of who signs it."""
        ...

    def sign(self, attributes: bytes) -> bytes:
        """Sign the attributes that hold the document's digest (CMS, RFC 5652 section 5.4), with SHA-256.

        ECDSA as DER, RSA by PKCS #1 v1.5; a service that signs digests is sent the SHA-256 of `attributes`.
        """
        ...


@dataclass(frozen=True)
class KeyFileSigner:
    """Signs with a private key that the process holds."""

    certificates: tuple[x509.Certificate, ...]
    statement: Statement
    key: PrivateKey = field(repr=False)

    @classmethod
    def local(cls, key: SigningKey) -> Self:
        """The service's own key under a certificate that it made for itself, and that says so."""
        return cls((self_signed(key),), LOCAL_STATEMENT, key.private_key)

    @classmethod
    def open(cls, certificate_file: Path, key_file: Path) -> Self:
        """Read a chain, the signer's certificate first, and its unencrypted key, both PEM.

        Raises UnusableCertificate, OSError.
        """
        try:
            chain = tuple(x509.load_pem_x509_certificates(certificate_file.read_bytes()))
        except ValueError as error:
            raise UnusableCertificate(certificate_file.name, "no certificates in PEM") from error
        try:
            key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        except (ValueError, TypeError) as error:
            raise UnusableCertificate(key_file.name, "not an unencrypted PEM private key") from error
        if not isinstance(key, PrivateKey) or (
            isinstance(key, rsa.RSAPrivateKey) and key.key_size < _SMALLEST_RSA
        ):
            raise UnusableCertificate(key_file.name, "neither an EC key nor an RSA key of 2048 bits or more")
        _require_chain(chain, certificate_file.name)
        if chain[0].public_key() != key.public_key():
            raise UnusableCertificate(
                certificate_file.name, f"its first certificate is not that of {key_file.name}"
            )
        return cls(chain, _statement_of(chain[0]), key)

    def sign(self, attributes: bytes) -> bytes:
        """Sign here and now."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(attributes, ec.ECDSA(hashes.SHA256()))


class _Bridge(Signer):
    """A document signer as the PDF library asks for one."""

    def __init__(self, signer: DocumentSigner) -> None:
        pem = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in signer.certificates)
        own, *issuers = load_certs_from_pemder_data(pem)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(issuers)
        super().__init__(signing_cert=own, cert_registry=store)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._signer.sign(data)


def sign_pdf(unsigned: bytes, signer: DocumentSigner, at: datetime) -> bytes:
    """Add an invisible signature over the whole document that allows no change after it (certification, DocMDP 1).

    Blocks: to be called in a thread. Raises SigningUnavailable, also where the certificate is not valid `at` that time.
    """
    own = signer.certificates[0]
    if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
        raise SigningUnavailable("the certificate that signs documents is not valid today")
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned))
    session = PdfSigner(metadata, _Bridge(signer), new_field_spec=SigFieldSpec(FIELD)).init_signing_session(
        writer
    )
    session.system_time = at
    try:
        prepared = session.prepare_tbs_document(None, _reserved(signer), None)
        signed = io.BytesIO()
        digested, _ = prepared.digest_tbs_document(output=signed)
        asyncio.run(prepared.perform_signature(digested.document_digest, PdfCMSSignedAttributes()))
    except SigningError as error:
        raise SigningUnavailable(str(error)) from error
    return signed.getvalue()


def _reserved(signer: DocumentSigner) -> int:
    """Characters that the signature takes in the file."""
    chain = sum(len(each.public_bytes(serialization.Encoding.DER)) for each in signer.certificates)
    return 2 * (chain + _FRAMING_BYTES)


def _require_chain(chain: Sequence[x509.Certificate], file: str) -> None:
    for issued, issuer in itertools.pairwise(chain):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise UnusableCertificate(
                file, "a certificate in it was not issued by the one after it"
            ) from error
    try:
        usage = chain[0].extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise UnusableCertificate(file, "its first certificate is not for signatures")


def _statement_of(certificate: x509.Certificate) -> Statement:
    subject, issuer = shown_name(certificate.subject), shown_name(certificate.issuer)
    return Statement(
        zh=f"本文件带有 PDF 数字签名，签名证书：{subject}（颁发者：{issuer}）。",
        en=f"PDF signature: by the certificate of {subject}, issued by {issuer}.",
    )


def shown_name(name: x509.Name) -> str:
    """Who it is for people: the common name, or the organisation, or all of it."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(kind):
            return str(found[0].value)
    return name.rfc4514_string()
