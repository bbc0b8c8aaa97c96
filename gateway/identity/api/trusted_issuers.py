"""The trust list of issuers of digital certificates (数字证书信任列表), and the check of signatures against it."""

import base64
import binascii
from datetime import UTC, datetime
from http import HTTPStatus
from ssl import PEM_cert_to_DER_cert
from typing import Annotated, Self
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints, model_validator

from gateway.identity.api.authority import ByAuthority
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.certificate_paths import IssuerNotTrusted, SignerCertificateNotValid
from gateway.identity.domain.shown_signatures import (
    AlgorithmNotSupported,
    ShownSignature,
    SignatureFormat,
    SignatureNotReadable,
    SignatureNotValid,
    read_cms,
    read_jws,
)
from gateway.identity.domain.trusted_issuers import (
    CertificateNotUsable,
    IssuerListedAlready,
    IssuerState,
    IssuerWithdrawnAlready,
    TrustedIssuer,
    TrustedIssuerNotFound,
    check_authority,
    fingerprint_of,
    read_certificate,
)
from gateway.identity.store.trusted_issuers import TrustedIssuerStore
from gateway.identity.use_cases.keep_trust_list import (
    WithdrawIssuer,
    list_issuer,
    verify_signature,
    withdraw_issuer,
)
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import public, requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.fields import Instant, LongText, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1", route_class=ServiceRoute, tags=["trust list"])

MANAGE = requires("identity.trust.manage")
PUBLISHED = public("whoever is shown a signature may know whose certificates count")
_EXAMPLE_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBeDCCAR2gAwIBAgIUQg+wHmSLuX3mktvQRQaZMqg4ReEwCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwwe56S65L6L5pWw5a2X6K+B5Lmm6K6k6K+B5Lit5b+DMB4XDTI2
MTEyMTE0MTkzN1oXDTM2MTExODE0MTkzN1owKTEnMCUGA1UEAwwe56S65L6L5pWw
5a2X6K+B5Lmm6K6k6K+B5Lit5b+DMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
OthJaJ/QdQVJ4yU5a+ol8h0yI0qYZ96j2U4+bAwNdPCZh7HBeAMyxkJS1A0afJH/
YROWDNbO9244CVxpgo3F2aMjMCEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAQYwCgYIKoZIzj0EAwIDSQAwRgIhAKXq12pJdHJ7BAj5chpdhlV5HnNLCv0H
KVjZaapdV0RZAiEAplfiHNi091Fa0PLU0y0TrSLGIXAvC03DHL8/tKRA47s=
-----END CERTIFICATE-----
"""
_LONGEST_BASE64 = 700_000
_Base64 = Annotated[str, StringConstraints(max_length=_LONGEST_BASE64, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class TrustedIssuerIn(RequestModel):
    """An issuer to be listed."""

    name: ShortText = Field(examples=["山西省数字证书认证中心"])
    certificate_pem: Annotated[str, StringConstraints(min_length=64, max_length=16_384)] = Field(
        examples=[_EXAMPLE_CERTIFICATE],
        description="X.509 certificate of the certification authority, PEM",
    )


class WithdrawalIn(RequestModel):
    """Why an issuer's certificates count no longer, and from when on; at once where no time is given."""

    reason: LongText = Field(examples=["电子认证服务许可已注销"])
    effective_from: Instant | None = Field(default=None, examples=["2026-03-02T01:30:00Z"])


class TrustedIssuerOut(ResponseModel):
    """An issuer on the list, or that was."""

    issuer_id: UUID
    name: str
    state: IssuerState
    distinguished_name: str
    fingerprint: str = Field(description="SHA-256 of the certificate, hexadecimal")
    certificate_pem: str
    valid_from: datetime
    valid_until: datetime
    listed_at: datetime
    withdrawn_from: datetime | None
    withdrawn_because: str | None
    version: int

    @classmethod
    def of(cls, issuer: TrustedIssuer, now: datetime) -> Self:
        """Shape an issuer as it stands now."""
        certificate, withdrawal = issuer.x509(), issuer.withdrawal
        return cls(
            issuer_id=issuer.issuer_id,
            name=issuer.name,
            state=issuer.state(now),
            distinguished_name=certificate.subject.rfc4514_string(),
            fingerprint=fingerprint_of(certificate),
            certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            listed_at=issuer.listed_at.astimezone(UTC),
            withdrawn_from=withdrawal.effective_from.astimezone(UTC) if withdrawal else None,
            withdrawn_because=withdrawal.because if withdrawal else None,
            version=issuer.version,
        )


class SignatureIn(RequestModel):
    """A signature over given content: a JWS with `x5c`, or a detached CMS signature."""

    content: _Base64 = Field(examples=["eyJiaWQiOiAxfQ=="], description="What was signed, base64")
    jws: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_BASE64)] | None = Field(
        default=None, description="Compact JWS with x5c, its payload detached or the content"
    )
    cms: _Base64 | None = Field(
        default=None, examples=["MIIB"], description="Detached CMS SignedData, DER in base64"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.jws is None) == (self.cms is None):
            raise ValueError("one_signature|请提供 jws 或 cms 之一|send either jws or cms")
        return self

    def read(self) -> ShownSignature:
        """Take the signature apart; raises SignatureNotReadable, AlgorithmNotSupported, SignatureNotValid."""
        content = _decoded(self.content)
        return read_jws(self.jws, content) if self.jws else read_cms(_decoded(self.cms or ""), content)


class SignatureOut(ResponseModel):
    """A good signature: who made it, and which issuer on the list stands behind the certificate."""

    signer: str = Field(examples=["CN=某某建筑有限公司,O=某某建筑有限公司,C=CN"])
    certificate_fingerprint: str
    serial_number: str
    format: SignatureFormat
    algorithm: str
    issuer_id: UUID
    issuer_name: str

    @classmethod
    def of(cls, shown: ShownSignature, issuer: TrustedIssuer) -> Self:
        """Shape what was found."""
        return cls(
            signer=shown.certificate.subject.rfc4514_string(),
            certificate_fingerprint=fingerprint_of(shown.certificate),
            serial_number=format(shown.certificate.serial_number, "x"),
            format=shown.format,
            algorithm=shown.algorithm.value,
            issuer_id=issuer.issuer_id,
            issuer_name=issuer.name,
        )


@router.get("/trusted-issuers", summary="The trust list (数字证书信任列表)", dependencies=[PUBLISHED])
async def list_issuers(
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    state: Annotated[IssuerState | None, Query(description="Listed or withdrawn only")] = None,
) -> Page[TrustedIssuerOut]:
    """Every issuer there is and was, the oldest entry first."""
    after = UUID(str(paged.after[0])) if paged.after else None
    found = await TrustedIssuerStore(uow.session).page(state, after, paged.fetch, now)
    shown = [TrustedIssuerOut.of(each, now) for each in found]
    return paged.page(shown, lambda each: (each.issuer_id,), response)


@router.get(
    "/trusted-issuers/{issuer_id}",
    summary="Read a trusted issuer (查看受信签发机构)",
    dependencies=[PUBLISHED],
)
@refuses(TrustedIssuerNotFound)
async def read_issuer(issuer_id: UUID, uow: InTransaction, now: Now, response: Response) -> TrustedIssuerOut:
    """One issuer, with its certificate."""
    issuer = await TrustedIssuerStore(uow.session).read(issuer_id)
    set_etag(response, issuer.version)
    return TrustedIssuerOut.of(issuer, now)


@router.post(
    "/trusted-issuers",
    summary="List an issuer (列入信任列表)",
    status_code=HTTPStatus.CREATED,
    dependencies=[MANAGE],
)
@refuses(AuthorityOnly, CertificateNotUsable, IssuerListedAlready)
async def add(
    body: TrustedIssuerIn, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> TrustedIssuerOut:
    """From now on its certificates count at every service."""
    certificate = _certificate(body.certificate_pem)
    check_authority(certificate, now)
    encoded = certificate.public_bytes(Encoding.DER)
    issuer = TrustedIssuer(new_uuid7(), body.name, encoded, now, caller.reference)
    await list_issuer(issuer, caller, uow)
    set_etag(response, issuer.version)
    return TrustedIssuerOut.of(issuer, now)


@router.post(
    "/trusted-issuers/{issuer_id}/withdrawal",
    summary="Withdraw an issuer (移出信任列表)",
    dependencies=[MANAGE],
)
@refuses(AuthorityOnly, TrustedIssuerNotFound, IssuerWithdrawnAlready)
async def withdraw(
    issuer_id: UUID,
    body: WithdrawalIn,
    read: IfMatch,
    caller: ByAuthority,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> TrustedIssuerOut:
    """For good: it stays in the list as history, and its certificate is not listed again."""
    command = WithdrawIssuer(issuer_id, body.effective_from or now, body.reason, caller)
    issuer = await withdraw_issuer(command, read.check, uow)
    set_etag(response, issuer.version)
    return TrustedIssuerOut.of(issuer, now)


@router.post(
    "/signatures/verify",
    summary="Verify a signature by the trust list (数字证书签名核验)",
    dependencies=[PUBLISHED],
    openapi_extra={"x-idempotent": True},
)
@refuses(
    SignatureNotReadable,
    AlgorithmNotSupported,
    SignatureNotValid,
    IssuerNotTrusted,
    SignerCertificateNotValid,
)
async def verify(body: SignatureIn, uow: InTransaction, now: Now) -> SignatureOut:
    """Who signed, if the signature is good now and the certificate's issuer is on the list.

    ES256, RS256 and PS256 are verified, PS256 in JWS only; SM2 with SM3 is refused by name. Revocation of a single
    certificate (CRL, OCSP) is its issuer's to say and is not asked for.
    """
    shown = body.read()
    return SignatureOut.of(shown, await verify_signature(shown, uow, now))


def _certificate(pem: str) -> Certificate:
    try:
        return read_certificate(PEM_cert_to_DER_cert(pem))
    except ValueError as error:
        raise CertificateNotUsable("not_a_certificate") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureNotReadable from error
