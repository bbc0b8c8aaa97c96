"""Domain errors and the problems that they are told as."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from services.licensing.domain.application import (
    ApplicationActionNotAllowed,
    ApplicationNotFound,
    ApplicationRunning,
)
from services.licensing.domain.commitment import NoticeChanged
from services.licensing.domain.component import ComponentActionNotAllowed, PredecessorPending
from services.licensing.domain.enterprise import (
    EnterpriseNotActive,
    EnterpriseNotFound,
    EnterpriseUnknown,
    IndustryDoesNotFit,
)
from services.licensing.domain.permit import PermitHeld, PermitNotFound
from services.licensing.domain.rules import IndustryUnknown
from services.licensing.domain.scope_check import EnterpriseNotRegistered, ScopeCheckNotFound
from services.licensing.use_cases.check_input import InputRefused
from services.licensing.use_cases.decide_component import ReasonMissing, ScopeIsNoGround
from shared.security.deciding import NotEmpowered
from shared.sharing.refusals import SHARING_PROBLEMS
from shared.web.problems import (
    INVALID_INPUT,
    NOT_EMPOWERED,
    ProblemTable,
    ProblemType,
    prefers_english,
    problem_response,
    values_of,
)

RETRY_SECONDS = "2"

ENTERPRISE_UNKNOWN = ProblemType(
    HTTPStatus.CONFLICT,
    "enterprise-unknown",
    "尚未收到该企业的登记信息",
    "The enterprise is not known yet",
    "许可部门尚未从登记部门获知 {uscc}，请稍后重试。",
    "Licensing has not heard of {uscc} from the register yet; try again shortly.",
)

PROBLEMS: ProblemTable = {
    **SHARING_PROBLEMS,
    NotEmpowered: NOT_EMPOWERED,
    InputRefused: INVALID_INPUT,
    IndustryUnknown: ProblemType(
        HTTPStatus.NOT_FOUND,
        "industry-unknown",
        "行业目录中没有该行业",
        "The industry is not in the directory",
        "本地区未开通行业“{industry_code}”的一业一证。",
        "This region has no comprehensive permit for {industry_code}.",
    ),
    EnterpriseUnknown: ENTERPRISE_UNKNOWN,
    EnterpriseNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "enterprise-not-found",
        "未找到您可办理的该企业",
        "There is no such enterprise for you",
        "没有您可以代为办理的企业 {uscc}；许可由设立登记的申请人申请。",
        "There is no enterprise {uscc} for which you may act; who applied for its establishment may.",
    ),
    EnterpriseNotActive: ProblemType(
        HTTPStatus.CONFLICT,
        "enterprise-not-active",
        "企业当前状态不能申请许可",
        "The enterprise may not apply in its state",
        "企业登记状态为 {state}。",
        "The state of the enterprise is {state}.",
    ),
    PermitHeld: ProblemType(
        HTTPStatus.CONFLICT,
        "permit-held",
        "已持有该许可，无需重复办理",
        "The permits are held already",
        "{uscc} 持有有效许可证 {permit_number}，迁移、变更后继续有效，期满前方可申请延续。",
        "{uscc} holds permit {permit_number}, which a move leaves valid; it is renewed before its end.",
    ),
    IndustryDoesNotFit: ProblemType(
        HTTPStatus.CONFLICT,
        "industry-does-not-fit",
        "行业与登记的经营范围不符",
        "The industry does not fit the registered scope",
        "企业登记的行业和经营范围均不属于“{industry_code}”，请先办理经营范围变更登记。",
        "Neither industry nor scope of the enterprise belongs to {industry_code}; alter the scope first.",
    ),
    ApplicationRunning: ProblemType(
        HTTPStatus.CONFLICT,
        "application-running",
        "该企业已有同一行业的申请正在办理",
        "An application for this industry is under way",
        "{uscc} 的“{industry_code}”申请办结后才能再次申请。",
        "{uscc} can apply for {industry_code} again when the present application has ended.",
    ),
    NoticeChanged: ProblemType(
        HTTPStatus.CONFLICT,
        "notice-changed",
        "告知内容已更新",
        "The notice has changed",
        "您阅读的一次告知单已更新，请重新阅读后提交（版本 {notice_version}）。",
        "The notice that you read is no longer in force; read it again (version {notice_version}).",
    ),
    ApplicationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "application-not-found", "未找到该申请", "There is no such application"
    ),
    ApplicationActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "application-ended",
        "申请已办结",
        "The application has ended",
        "申请状态为 {application_status}。",
        "The application is {application_status}.",
    ),
    ComponentActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "component-action-not-allowed",
        "许可事项当前状态不能执行此操作",
        "The component does not allow this in its state",
        "“{item}”当前状态为 {component_status}。",
        "{item} is {component_status}.",
    ),
    PredecessorPending: ProblemType(
        HTTPStatus.CONFLICT,
        "predecessor-pending",
        "前置许可尚未准予",
        "A permit that comes first is not granted yet",
        "“{item}”须待 {waits_for} 准予后决定。",
        "{item} is decided after {waits_for}.",
    ),
    ReasonMissing: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "refusal-reason-missing",
        "不予许可应当说明理由",
        "A refusal needs its reason",
        "请填写 reason（行政许可法第三十八条）。",
        "Give a reason (Administrative Licensing Law, art. 38).",
    ),
    ScopeIsNoGround: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "scope-is-no-ground",
        "不得以企业已登记经营范围为由不予许可",
        "The registered scope is no ground for a refusal",
        "企业超经营范围开展非许可类经营活动不予处罚，也不影响办理许可（国发〔2021〕7号）。",
        "Scope entries inform; they do not limit what permits may be had (State Council 2021 no. 7).",
    ),
    EnterpriseNotRegistered: ProblemType(
        HTTPStatus.NOT_FOUND,
        "enterprise-not-registered",
        "登记簿中没有该企业",
        "The register has no such enterprise",
        "许可部门未从登记部门获知 {uscc}，或者该企业不在您的辖区。",
        "Licensing has not heard of {uscc} from the register, or it lies outside your office's region.",
    ),
    ScopeCheckNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "scope-check-not-found", "未找到该核查记录", "There is no such check"
    ),
    PermitNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "permit-not-found", "未找到该许可证", "There is no such permit"
    ),
}


async def tell_to_come_back(request: Request, error: Exception) -> Response:
    """Answer 409 with Retry-After: registration's event is on its way."""
    return problem_response(
        ENTERPRISE_UNKNOWN,
        english=prefers_english(request.headers.get("accept-language")),
        values=values_of(error),
        headers={"Retry-After": RETRY_SECONDS},
    )
