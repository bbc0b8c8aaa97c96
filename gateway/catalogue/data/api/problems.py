"""Refusals of the catalogue part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.catalogue.data.domain.errors import (
    ActionNotAllowed,
    ConsentAlreadyWithdrawn,
    ConsentByRuling,
    ConsentIsPersonal,
    ConsentNotFound,
    ConsentNotPossible,
    DataBureauOnly,
    GrantNotFound,
    GrantNotPossible,
    ResourceNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    GrantNotFound: ProblemType(HTTPStatus.NOT_FOUND, "grant-not-found", "未找到该授权", "No such grant"),
    ResourceNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "resource-not-found",
        "共享目录中没有该资源",
        "The catalogue has no such resource",
    ),
    ActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "grant-action-not-allowed",
        "授权的当前状态不允许此操作",
        "The grant's status does not allow this",
        "授权状态为 {grant_status}。",
        "The grant is {grant_status}.",
    ),
    GrantNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST, "grant-not-possible", "不能如此授权", "This cannot be granted"
    ),
    DataBureauOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "data-bureau-only",
        "仅数据主管部门可以授权或撤回授权",
        "Only the data bureau issues and withdraws grants",
    ),
    ConsentNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "data-consent-not-found", "未找到该授权同意", "No such consent"
    ),
    ConsentAlreadyWithdrawn: ProblemType(
        HTTPStatus.CONFLICT, "consent-already-withdrawn", "该同意已撤回", "The consent was withdrawn before"
    ),
    ConsentByRuling: ProblemType(
        HTTPStatus.CONFLICT,
        "consent-by-ruling",
        "依据人民法院裁定的查询不能撤回",
        "What a court's ruling opened is not withdrawn",
        "依据裁定 {number}，至程序终结时止。",
        "It rests on ruling {number} and ends with the proceedings.",
    ),
    ConsentNotPossible: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "consent-not-possible",
        "告知不全或不符合同意的条件",
        "This is no valid consent",
    ),
    ConsentIsPersonal: ProblemType(
        HTTPStatus.FORBIDDEN,
        "consent-is-personal",
        "须由本人或其受托人亲自同意",
        "Only whom the data is about, or their agent, may consent",
    ),
}
