"""Refusals around those who say who somebody is, and whose signatures count, as problems."""

from http import HTTPStatus
from typing import Final

from gateway.identity.domain.certificate_paths import IssuerNotTrusted, SignerCertificateNotValid
from gateway.identity.domain.electronic_licence import LicenceRegisterAway
from gateway.identity.domain.shown_signatures import (
    AlgorithmNotSupported,
    SignatureNotReadable,
    SignatureNotValid,
)
from gateway.identity.domain.trusted_issuers import (
    CertificateNotUsable,
    IssuerListedAlready,
    IssuerWithdrawnAlready,
    TrustedIssuerNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

OUTSIDE_PROBLEMS: Final[ProblemTable] = {
    LicenceRegisterAway: ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "licence-register-away",
        "暂时无法核验电子营业执照，请稍后重试",
        "Licences cannot be verified for a moment; try again",
    ),
    TrustedIssuerNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "trusted-issuer-not-found",
        "信任列表中没有该签发机构",
        "There is no such issuer on the trust list",
    ),
    IssuerListedAlready: ProblemType(
        HTTPStatus.CONFLICT,
        "issuer-listed-already",
        "该证书已在信任列表或其历史中",
        "The certificate is on the trust list already, or in its history",
    ),
    IssuerWithdrawnAlready: ProblemType(
        HTTPStatus.CONFLICT,
        "issuer-withdrawn-already",
        "该签发机构已移出信任列表",
        "The issuer is withdrawn already",
    ),
    CertificateNotUsable: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "certificate-not-usable",
        "该证书不能列入信任列表",
        "The certificate cannot stand on the trust list",
        "原因：{reason}。",
        "Reason: {reason}.",
    ),
    SignatureNotReadable: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "signature-not-readable",
        "无法读取签名",
        "The signature cannot be read",
        "请提供带 x5c 的 JWS，或仅有一个签名者的分离式 CMS 签名。",
        "Send a JWS with x5c, or a detached CMS signature by one signer with its certificate.",
    ),
    AlgorithmNotSupported: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unsupported-algorithm",
        "暂不支持该签名算法",
        "The signature algorithm is not supported",
        "不支持 {algorithm}；可核验 ES256、RS256、PS256。国密 SM2/SM3 尚不能在此核验。",
        "{algorithm} is not supported; ES256, RS256 and PS256 are. SM2 with SM3 cannot be verified here yet.",
    ),
    SignatureNotValid: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "signature-not-valid",
        "签名无效",
        "The signature is not valid",
        "签名与内容或证书不符。",
        "It is not one of this certificate over this content.",
    ),
    IssuerNotTrusted: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "issuer-not-trusted",
        "证书签发机构不在信任列表中",
        "The certificate's issuer is not on the trust list",
    ),
    SignerCertificateNotValid: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "signer-certificate-not-valid",
        "签名证书无效",
        "The signer's certificate is not valid",
        "原因：{reason}。",
        "Reason: {reason}.",
    ),
}
