"""Certification authorities, certificates and signatures of holders, made for a test."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from shared.security.keys import encode_base64url

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Holder:
    """Somebody with a certificate and its key."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate as it is listed."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        """The certificate as signatures carry it."""
        return self.certificate.public_bytes(Encoding.DER)


def certified(
    name: str,
    by: Holder | None = None,
    *,
    ca: bool = False,
    key: Key | None = None,
    days: tuple[int, int] = (-1, 30),
    signs: bool = True,
    path_length: int | None = None,
) -> Holder:
    """A certificate, its issuer's or its own word for it; `days` from today for which it is good."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC).replace(microsecond=0)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=signs and not ca,
        content_commitment=signs and not ca,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length if ca else None), critical=True)
        .add_extension(usage, critical=True)
    )
    return Holder(own, builder.sign(by.key if by else own, hashes.SHA256()))


def jws_of(holder: Holder, content: bytes, *others: Holder, detached: bool = True, **header: Any) -> str:
    """A compact JWS with the certificates of its signer."""
    is_ec = isinstance(holder.key, ec.EllipticCurvePrivateKey)
    chain = [base64.b64encode(each.der).decode() for each in (holder, *others)]
    head = {"alg": "ES256" if is_ec else "RS256", "x5c": chain} | header
    signed = ".".join(encode_base64url(part) for part in (json.dumps(head).encode(), content))
    if isinstance(holder.key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(holder.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32) + s.to_bytes(32)
    else:
        signature = holder.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    first, body = signed.split(".")
    return f"{first}.{'' if detached else body}.{encode_base64url(signature)}"


def cms_of(
    holder: Holder, content: bytes, *others: Holder, attributes: bool = True, digest: Any = None
) -> bytes:
    """A detached CMS signature with the certificates of its signer."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(holder.certificate, holder.key, digest or hashes.SHA256())
    for other in others:
        builder = builder.add_certificate(other.certificate)
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    plain = [] if attributes else [pkcs7.PKCS7Options.NoAttributes]
    return builder.sign(Encoding.DER, [*options, *plain])
