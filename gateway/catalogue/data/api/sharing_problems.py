"""Refusals around resources, requests, needs and corrections as problems."""

from http import HTTPStatus
from typing import Final

from gateway.catalogue.data.domain.refusals import (
    AgencyOnly,
    AlreadyCollected,
    BureauDecides,
    DraftExists,
    FormAsksAgain,
    NotTheOwner,
    NotYourStep,
    SharingNotPossible,
    SharingRecordNotFound,
    StepNotAllowed,
    UsesNoSuchData,
)
from shared.web.problems import ProblemTable, ProblemType

SHARING_PROBLEMS: Final[ProblemTable] = {
    SharingNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "sharing-not-possible",
        "不符合共享规则",
        "This is against the rules of sharing",
    ),
    FormAsksAgain: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "form-asks-again",
        "表单要求重复填报已采集的数据",
        "The form asks for data that are collected already",
    ),
    NotTheOwner: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-the-owner",
        "仅数据提供部门可以办理",
        "Only the department that owns the data may do this",
        "该资源由 {owner_uscc} 提供。",
        "The resource is provided by {owner_uscc}.",
    ),
    BureauDecides: ProblemType(
        HTTPStatus.FORBIDDEN,
        "data-bureau-decides",
        "仅数据主管部门可以办理",
        "Only the data bureau may do this",
    ),
    AgencyOnly: ProblemType(
        HTTPStatus.FORBIDDEN, "agency-only", "仅限政务部门办理", "Only agencies take part in sharing"
    ),
    NotYourStep: ProblemType(
        HTTPStatus.FORBIDDEN, "not-your-step", "应由另一方办理", "This step is the other party's"
    ),
    UsesNoSuchData: ProblemType(
        HTTPStatus.FORBIDDEN,
        "uses-no-such-data",
        "仅数据使用方或数据主体可以提出校核",
        "Only who uses the datum under a grant, or whom it is about, may say that it is wrong",
    ),
    AlreadyCollected: ProblemType(
        HTTPStatus.CONFLICT,
        "already-collected",
        "该数据已有采集部门",
        "Another department collects this datum",
        "数据项 {datum} 由 {owner_uscc} 采集。",
        "{datum} is collected by {owner_uscc}.",
    ),
    DraftExists: ProblemType(
        HTTPStatus.CONFLICT,
        "draft-exists",
        "该目录条目正在编制中",
        "A new version of this entry is being worked on",
    ),
    StepNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "sharing-step-not-allowed",
        "当前状态不允许此操作",
        "Where it stands this does not lead anywhere",
        "当前状态为 {stands_at}。",
        "It stands at {stands_at}.",
    ),
    SharingRecordNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "sharing-record-not-found", "未找到该记录", "No such record"
    ),
}
