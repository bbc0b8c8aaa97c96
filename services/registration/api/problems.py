"""Domain errors and the problems that they are told as."""

from http import HTTPStatus

from services.registration.api.authority_problems import AUTHORITY_PROBLEMS
from services.registration.api.establishment_problems import ESTABLISHMENT_PROBLEMS
from services.registration.api.exit_problems import EXIT_PROBLEMS
from services.registration.api.licence_problems import LICENCE_PROBLEMS
from services.registration.api.name_problems import NAME_PROBLEMS
from services.registration.api.publicity_problems import PUBLICITY_PROBLEMS
from services.registration.api.register_problems import REGISTER_PROBLEMS
from services.registration.api.relocation_problems import RELOCATION_PROBLEMS
from services.registration.domain import errors
from services.registration.domain.suspension import SuspensionMoveNotAllowed
from shared.calendar import MoveNotAllowed
from shared.security.deciding import NotEmpowered
from shared.sharing.refusals import SHARING_PROBLEMS
from shared.web.problems import NOT_EMPOWERED, ProblemTable, ProblemType

PROBLEMS: ProblemTable = {
    **SHARING_PROBLEMS,
    **NAME_PROBLEMS,
    **REGISTER_PROBLEMS,
    **ESTABLISHMENT_PROBLEMS,
    **PUBLICITY_PROBLEMS,
    **LICENCE_PROBLEMS,
    **RELOCATION_PROBLEMS,
    **EXIT_PROBLEMS,
    **AUTHORITY_PROBLEMS,
    errors.FilingNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "filing-not-found", "登记申请不存在", "There is no such filing"
    ),
    errors.EnterpriseNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "enterprise-not-found",
        "登记簿中没有此经营主体",
        "The register has no such enterprise",
    ),
    errors.ImportNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "import-not-found", "没有此导入任务", "There is no such import"
    ),
    errors.ActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "action-not-allowed",
        "登记申请当前状态不允许此操作",
        "The filing's status does not allow this",
        "当前状态为 {filing_status}，不能执行 {action}。",
        "The filing is {filing_status}; {action} is not possible.",
    ),
    errors.KindNotOffered: ProblemType(
        HTTPStatus.CONFLICT,
        "kind-not-offered",
        "本登记机关暂未开通此类登记",
        "Filings of this kind are not made here",
        "未开通：{kind}。",
        "Not offered: {kind}.",
    ),
    errors.AnotherMatter: ProblemType(
        HTTPStatus.CONFLICT,
        "another-filing",
        "不能改为另一类申请或者另一家企业",
        "A filing stays of its kind and about its enterprise",
        "这是 {kind} 申请；请撤回后另行申请。",
        "This is a filing of {kind}: withdraw it and make a new one.",
    ),
    errors.NotTheOwner: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-the-owner",
        "只能为本企业申请",
        "Filings about an enterprise are made in its name",
        "请以企业身份登录，或者到综合窗口代收。",
        "Sign in as the enterprise, or go to the comprehensive window.",
    ),
    errors.FilingInProgress: ProblemType(
        HTTPStatus.CONFLICT,
        "filing-in-progress",
        "该企业另有申请正在审查",
        "Another filing about the enterprise is under review",
        "请等待申请 {filing_id} 办结，或者先撤回它。",
        "Wait until filing {filing_id} is decided, or withdraw it first.",
    ),
    errors.EnterpriseStateForbids: ProblemType(
        HTTPStatus.CONFLICT,
        "state-forbids",
        "企业当前登记状态不允许此操作",
        "The enterprise's state does not allow this",
        "登记状态为 {state}，不能办理 {act}。",
        "The enterprise is {state}; {act} is not possible.",
    ),
    errors.FaultsRemain: ProblemType(
        HTTPStatus.CONFLICT,
        "faults-remain",
        "申请仍不符合规定，不能核准",
        "Rules are still broken: the filing cannot be approved as it is",
        "请退回补正或者不予登记。",
        "Send it back, or refuse it.",
    ),
    SuspensionMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "suspension-move-not-allowed",
        "歇业当前状态不允许此操作",
        "The suspension's state does not allow this",
        "歇业状态为 {suspension_state}，不能执行 {move}。",
        "The suspension is {suspension_state}; {move} is not possible.",
    ),
    MoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "clock-forbids",
        "时限已过或者已停止，不能延期",
        "The time has run out or was stopped: it cannot be extended",
    ),
    errors.NameTaken: ProblemType(
        HTTPStatus.CONFLICT,
        "name-taken",
        "名称不可用",
        "The name cannot be had",
        "该名称已登记、在保留期内或注销未满一年；请更换名称后重新提交。",
        "The name is registered, reserved, or was given up less than a year ago; choose another one.",
    ),
    errors.NotTheRegistrar: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-the-registrar",
        "仅限登记机关人员",
        "Only officers of the registrar may do this",
    ),
    errors.RepresentativeOnFile: ProblemType(
        HTTPStatus.CONFLICT,
        "representative-on-file",
        "法定代表人已在登记簿中",
        "The representative is on file",
        "变更请提交变更登记申请。",
        "To change it, submit an alteration filing.",
    ),
    NotEmpowered: NOT_EMPOWERED,
    errors.CodesExhausted: ProblemType(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "organisation-codes-exhausted",
        "组织机构代码段已用完，请联系登记机关",
        "The block of organisation codes is used up; the registrar must obtain a new one",
    ),
    errors.BatchOverlaps: ProblemType(
        HTTPStatus.CONFLICT,
        "batch-overlaps",
        "本批与已处理的行重叠",
        "The batch overlaps lines that were taken over",
        "第 {first_line} 至 {last_line} 行已处理。",
        "Lines {first_line} to {last_line} are done.",
    ),
    errors.BatchBeyondFile: ProblemType(
        HTTPStatus.CONFLICT,
        "batch-beyond-file",
        "本批超出文件行数",
        "The batch goes beyond the file",
        "文件共 {total_lines} 行。",
        "The file has {total_lines} lines.",
    ),
    errors.ImportCompleted: ProblemType(
        HTTPStatus.CONFLICT, "import-completed", "导入任务已完成", "The import is completed"
    ),
    errors.ImportIncomplete: ProblemType(
        HTTPStatus.CONFLICT,
        "import-incomplete",
        "尚有未处理的行",
        "Lines are missing",
        "从第 {missing_from} 行起尚未处理。",
        "Lines from {missing_from} on are missing.",
    ),
}
