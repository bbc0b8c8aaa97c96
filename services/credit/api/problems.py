"""Domain errors and the problems that they are told as."""

from http import HTTPStatus

from services.credit.domain.errors import (
    AgencyOnly,
    DocumentNotEffective,
    NotInCatalogue,
    PenaltyFactsMissing,
    ProviderNotAllowed,
    RecordActionNotAllowed,
    RecordAlreadyEntered,
    SubjectNotFound,
)
from shared.sharing.refusals import SHARING_PROBLEMS
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    **SHARING_PROBLEMS,
    SubjectNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "credit-subject-not-found",
        "信用主体不存在",
        "No such credit subject",
        "{uscc} 名下没有信用主体。",
        "No credit subject is open under {uscc}.",
    ),
    NotInCatalogue: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "not-in-credit-catalogue",
        "不在公共信用信息目录内",
        "Not in the public credit catalogue",
        "字段 catalogue_item：“{catalogue_item}”不是现行目录的条目，不得记录、共享或者公开；本次尝试已留痕。",
        "Field catalogue_item: {catalogue_item} is not an item of the effective catalogue and may not be"
        " recorded, shared or published; the attempt was logged.",
    ),
    AgencyOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "agency-only",
        "仅限部门使用",
        "For agencies only",
        "请使用部门的客户端令牌。",
        "Use a token of an agency.",
    ),
    ProviderNotAllowed: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-a-providing-unit",
        "不是该条目的提供单位",
        "Not a providing unit of this item",
        "目录条目 {catalogue_item} 的提供单位不包括您的部门。",
        "The catalogue does not name your agency as a providing unit of {catalogue_item}.",
    ),
    PenaltyFactsMissing: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "penalty-facts-missing",
        "缺少处罚情形",
        "The facts of the penalty are missing",
        "字段 penalty：条目 {catalogue_item} 是行政处罚，须说明适用程序和情节。",
        "Field penalty: {catalogue_item} is an administrative penalty; tell its procedure and circumstances.",
    ),
    DocumentNotEffective: ProblemType(
        HTTPStatus.CONFLICT,
        "document-not-effective",
        "文书尚未生效",
        "The document has not taken effect",
        "字段 document/effective_on：文书自 {effective_on} 起生效，生效前不得记录。",
        "Field document/effective_on: it takes effect on {effective_on} and carries no record before.",
    ),
    RecordAlreadyEntered: ProblemType(
        HTTPStatus.CONFLICT,
        "record-already-entered",
        "记录已存在",
        "The record is there already",
        "字段 document/number：您的部门已就文书 {reference} 录入该条目。",
        "Field document/number: your agency has entered this item on document {reference}.",
    ),
    RecordActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "record-action-not-allowed",
        "记录当前状态不允许此操作",
        "The record's state does not allow this",
    ),
}
