"""Refusals of this part and the problems that they are told as."""

from http import HTTPStatus

from gateway.matters.domain.choices import PartNotOptional, PartNotRefused
from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.domain.sheets import SheetNotReadable
from gateway.matters.domain.tasks import OutcomeNeeded
from gateway.matters.store.cases import MatterIsOpen, MatterNotFound, TaskNotFound
from gateway.matters.store.drafts import DraftNotFound
from gateway.matters.use_cases.demands import DemandNotPossible, MaterialOnFile
from gateway.matters.use_cases.enterprises import EnterpriseNotFound, ThemeNotForCaller
from gateway.matters.use_cases.form_checks import FormNotAccepted
from gateway.matters.use_cases.open_matter import NotForAgents, OnlyAtHome
from gateway.matters.use_cases.themes import ThemeNotFound
from gateway.matters.use_cases.visits import VisitWithoutBasis
from gateway.matters.use_cases.zero_material import FaceOrMaterialsNeeded
from shared.security.deciding import NotEmpowered
from shared.web.problems import NOT_EMPOWERED, ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    ThemeNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "theme-not-found",
        "没有此“一件事”主题",
        "No such theme",
    ),
    MatterNotFound: ProblemType(HTTPStatus.NOT_FOUND, "matter-not-found", "未找到此事项", "No such matter"),
    DraftNotFound: ProblemType(HTTPStatus.NOT_FOUND, "draft-not-found", "未找到此草稿", "No such draft"),
    EnterpriseNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "enterprise-not-yours",
        "未找到此经营主体，或者您不能以其名义办理",
        "No such enterprise, or not yours to act for",
    ),
    ThemeNotForCaller: ProblemType(
        HTTPStatus.FORBIDDEN,
        "theme-not-for-enterprises",
        "此主题由个人以本人名义办理",
        "A person opens this theme in their own name",
    ),
    OnlyAtHome: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "only-at-home",
        "此事项依法只能在经营所在地受理",
        "By law this is accepted only where the business is",
        "依据：{basis}。",
        "Basis: {basis}.",
    ),
    NotForAgents: ProblemType(
        HTTPStatus.CONFLICT,
        "not-for-agents",
        "代办机构只能免费代办企业开办",
        "An agent files for new enterprises only, and free of charge",
    ),
    PartNotRefused: ProblemType(
        HTTPStatus.CONFLICT,
        "part-not-refused",
        "此环节未被不予办理，无需选择",
        "This part was not refused: there is nothing to choose",
    ),
    PartNotOptional: ProblemType(
        HTTPStatus.CONFLICT,
        "part-not-optional",
        "此环节为必办环节，不能跳过",
        "The theme cannot be finished without this part",
    ),
    NotEmpowered: NOT_EMPOWERED,
    MatterIsOpen: ProblemType(
        HTTPStatus.CONFLICT,
        "matter-is-open",
        "此授权所办的事项已开办",
        "The matter of this mandate is open already",
    ),
    TaskNotFound: ProblemType(HTTPStatus.NOT_FOUND, "task-not-found", "未找到此任务", "No such task"),
    OutcomeNeeded: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "outcome-needed",
        "请注明办理结论",
        "The result says which outcome it is",
        "办理结果的 status 应为：{outcomes}。",
        "`status` of the result is one of: {outcomes}.",
    ),
    DemandNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "finding-unfounded",
        "补正要求与任务内容不符",
        "A finding names what the task does not have",
    ),
    SheetNotReadable: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "file-not-readable",
        "文件无法读取",
        "The file cannot be read as a table",
        "原因：{reason_code}。",
        "Reason: {reason_code}.",
    ),
    MaterialOnFile: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "material-on-file",
        "材料已收取，不得要求重复提交",
        "The material is on file and is not asked for again",
        "已收取的材料：{material_ids}。",
        "On file: {material_ids}.",
    ),
    FaceOrMaterialsNeeded: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "face-or-materials-needed",
        "请先刷脸核验身份，或者提交材料",
        "Have your face checked, or hand in materials",
    ),
    VisitWithoutBasis: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "visit-without-basis",
        "无法律依据，不得要求申请人到现场办理",
        "Nobody has to come in person without a legal basis",
    ),
    FormNotAccepted: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "form-not-accepted",
        "表单需要补正",
        "The form needs to be corrected",
        "所有需要补正之处均已列出。",
        "All that has to be corrected is listed.",
    ),
    ActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "matter-action-not-allowed",
        "当前状态不允许此操作",
        "This is not possible in the present state",
        "状态为 {state}，不能 {action}。",
        "In state {state}, {action} is not possible.",
    ),
}
