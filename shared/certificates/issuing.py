"""Issuing: digest, ES256 signature and seal of a certificate."""

import json
from dataclasses import dataclass
from typing import Final, Protocol

from shared.certificates.canonical import canonical_json
from shared.certificates.certificate import Certificate
from shared.security.keys import ALGORITHM, SigningKey, decode_base64url, encode_base64url

JWS_TYPE: Final = "ecert+jws"
MAX_JWS_CHARACTERS: Final = 512 * 1024


@dataclass(frozen=True)
class Statement:
    """One statement in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Seal:
    """What a certification service put on a certificate; `sealed_by` is None where none did."""

    sealed_by: str | None
    token: str | None
    statement: Statement


class SealProvider(Protocol):
    """A licensed certification service for government use (电子政务电子认证服务机构), as far as we need it.

    Source: 商用密码管理条例 arts. 24 and 28.
    """

    def seal(self, certificate: Certificate) -> Seal:
        """Seal the certificate's canonical form."""
        ...


UNSEALED: Final = Statement(
    zh="本电子证照由签发平台以 ES256 数字签名，未经依法设立的电子政务电子认证服务机构加盖电子印章。",
    en=(
        "This certificate carries the issuing platform's ES256 signature. No licensed certification service "
        "for government use has put an electronic seal on it."
    ),
)


class LocalSealProvider:
    """Seals nothing and says so: what stands until a city configures its certification service."""

    def seal(self, certificate: Certificate) -> Seal:
        """Return the statement that nobody sealed the certificate."""
        return Seal(sealed_by=None, token=None, statement=UNSEALED)


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate with what makes it checkable; the state it is in is kept by the register, not in here."""

    certificate: Certificate
    digest: str
    jws: str
    seal: Seal


@dataclass(eq=False)
class MalformedJws(ValueError):
    """The text is not a compact JWS of a certificate."""

    reason: str

    def __str__(self) -> str:
        return f"not a signed certificate: {self.reason}"


@dataclass(frozen=True)
class SignedContent:
    """A JWS taken apart, not yet verified."""

    kid: str
    signing_input: bytes
    payload: bytes
    signature: bytes


def issue_certificate(certificate: Certificate, key: SigningKey, seals: SealProvider) -> IssuedCertificate:
    """Sign the canonical form with `key` and have it sealed."""
    header = canonical_json({"alg": ALGORITHM, "kid": key.kid, "typ": JWS_TYPE})
    signing_input = f"{encode_base64url(header)}.{encode_base64url(certificate.canonical())}"
    signature = encode_base64url(key.sign(signing_input.encode()))
    return IssuedCertificate(
        certificate=certificate,
        digest=certificate.digest(),
        jws=f"{signing_input}.{signature}",
        seal=seals.seal(certificate),
    )


def open_jws(jws: str) -> SignedContent:
    """Take a compact JWS apart; raises MalformedJws.

    Strict: canonical base64url, and a header of exactly our three members in canonical form, so that no
    text but the one that was issued opens to the same content.
    """
    if len(jws) > MAX_JWS_CHARACTERS:
        raise MalformedJws("too long")
    segments = jws.split(".")
    if len(segments) != 3:
        raise MalformedJws("a compact JWS has three parts")
    try:
        header, payload, signature = (decode_base64url(segment) for segment in segments)
        members = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise MalformedJws("base64url or header") from error
    kid = members.get("kid") if isinstance(members, dict) else None
    if not isinstance(kid, str) or len(kid) > 128:
        raise MalformedJws("no key is named")
    if header != canonical_json({"alg": ALGORITHM, "kid": kid, "typ": JWS_TYPE}):
        raise MalformedJws("the header is not that of a certificate")
    return SignedContent(kid, f"{segments[0]}.{segments[1]}".encode(), payload, signature)
