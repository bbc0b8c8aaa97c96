"""A certificate that the service makes for its own signing key, and that says that nobody licensed stands behind it."""

import hashlib
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from shared.certificates.issuing import Statement
from shared.security.keys import SigningKey

LOCAL_STATEMENT: Final = Statement(
    zh="本文件的 PDF 数字签名使用本平台自签名的本地证书，并非依法设立的电子认证服务机构签发。",
    en="PDF signature: by a local certificate that this platform made for itself, not by a licensed service.",
)
_NAME: Final = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "通办本地运行环境 Tongban local suite"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "非依法设立的电子认证服务机构签发"),
        x509.NameAttribute(NameOID.COMMON_NAME, "本地自签名证书 local certificate, not licensed"),
    ]
)
# RFC 5280 section 4.1.2.5: no well-defined end.
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def self_signed(key: SigningKey) -> x509.Certificate:
    """Made anew at each start and the same each time: everything in it, its signature too, follows from the key."""
    public_key = key.private_key.public_key()
    serial = int.from_bytes(hashlib.sha256(key.kid.encode()).digest()[:16]) >> 1
    return (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_DOCUMENTS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .sign(key.private_key, hashes.SHA256(), ecdsa_deterministic=True)
    )


_SIGNS_DOCUMENTS: Final = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
