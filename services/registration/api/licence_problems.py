"""Refusals about business licences, and the problems that they are told as."""

from http import HTTPStatus

from services.registration.domain import errors, licence_errors
from shared.certificates.pdf_signing import SigningUnavailable
from shared.web.problems import ProblemTable, ProblemType

LICENCE_PROBLEMS: ProblemTable = {
    errors.LicenceNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "licence-not-found", "没有此电子营业执照", "There is no such licence"
    ),
    licence_errors.LicenceUnreadable: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "licence-unreadable",
        "不是可核验的电子营业执照",
        "This is no licence that can be verified",
        "无法读取所提交的内容：{reason}。请改用证照标识核验。",
        "What was presented cannot be read: {reason}. Verify by the licence's identifier instead.",
    ),
    licence_errors.LicenceNotInForce: ProblemType(
        HTTPStatus.CONFLICT,
        "licence-not-in-force",
        "营业执照不在有效状态",
        "The licence is not in force",
        "营业执照状态为{state_name}，不能制作加注件。",
        "The licence's state is {state_name}; no copies are made of it.",
    ),
    licence_errors.CopyNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "licence-copy-not-found", "没有此加注件", "There is no such copy"
    ),
    licence_errors.CopyTooLong: ProblemType(
        HTTPStatus.CONFLICT,
        "licence-copy-too-long",
        "加注件有效期不符合规定",
        "The copy would serve at another time than allowed",
        "有效期截止时间须晚于现在，且不晚于 {latest}。",
        "It must expire after now, and at {latest} at the latest.",
    ),
    licence_errors.CopyOver: ProblemType(
        HTTPStatus.CONFLICT,
        "licence-copy-over",
        "加注件已到期或已收回",
        "The copy has expired or was taken back",
    ),
    SigningUnavailable: ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "licence-signing-unavailable",
        "暂时无法为执照版面加签",
        "The page of the licence cannot be signed now",
        "签名证书不在有效期内，或签名服务没有应答。执照本身不受影响，可通过证照标识核验。",
        "The certificate is not valid today, or the service that signs does not answer. The licence itself is not "
        "touched: verify it by its identifier.",
    ),
}
