"""Refusals of acts against an enterprise's will and the problems that they are told as."""

from http import HTTPStatus
from typing import Final

from services.registration.domain import authority_errors as errors
from shared.web.problems import ProblemTable, ProblemType

AUTHORITY_PROBLEMS: Final[ProblemTable] = {
    errors.DecisionNotYetMade: ProblemType(
        HTTPStatus.CONFLICT,
        "decision-not-yet-made",
        "决定日期尚未到来",
        "The day of the decision has not come",
        "决定日期 {decided_on} 晚于今天。",
        "{decided_on} is later than today.",
    ),
    errors.NothingToRestore: ProblemType(
        HTTPStatus.CONFLICT,
        "nothing-to-restore",
        "没有可以恢复的决定",
        "There is no decision to undo",
        "登记簿中没有对该企业作出且未撤销的吊销、关闭、撤销登记或者强制注销决定。",
        "No decision of an authority stands against the enterprise.",
    ),
    errors.RestorationTooLate: ProblemType(
        HTTPStatus.CONFLICT,
        "restoration-too-late",
        "已超过申请恢复的期限",
        "It is too late to restore the enterprise",
        "最晚应于 {until} 恢复。",
        "It could be restored until {until}.",
    ),
    errors.ForcedExitNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "forced-exit-not-found",
        "没有此强制注销事项",
        "There is no such forced deregistration",
    ),
    errors.ForcedExitMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "forced-exit-state-forbids",
        "强制注销当前状态不允许此操作",
        "The forced deregistration's state does not allow this",
        "当前状态为 {exit_state}，不能执行 {move}。",
        "It is {exit_state}; {move} is not possible.",
    ),
    errors.ForcedExitNotDue: ProblemType(
        HTTPStatus.CONFLICT,
        "forced-exit-not-due",
        "尚不符合强制注销条件",
        "The enterprise cannot be deregistered by force yet",
        "吊销营业执照、责令关闭或者撤销登记满三年未申请注销的，方可强制注销。",
        "Only three years after its licence was revoked, it was closed or its registration was revoked.",
    ),
    errors.ForcedExitRunning: ProblemType(
        HTTPStatus.CONFLICT,
        "forced-exit-running",
        "强制注销正在进行",
        "A forced deregistration is on its way",
        "见 {exit_id}。",
        "See {exit_id}.",
    ),
    errors.CaseNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "false-registration-not-found",
        "没有此虚假登记案件",
        "There is no such case of a false registration",
    ),
    errors.CaseMoveNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "false-registration-state-forbids",
        "案件当前状态不允许此操作",
        "The case's status does not allow this",
        "当前状态为 {case_status}，不能执行 {move}。",
        "It is {case_status}; {move} is not possible.",
    ),
    errors.CaseRunning: ProblemType(
        HTTPStatus.CONFLICT,
        "false-registration-running",
        "该登记正在调查",
        "The same registration is being looked into",
        "见 {case_id}。",
        "See {case_id}.",
    ),
    errors.NotRevocable: ProblemType(
        HTTPStatus.CONFLICT,
        "version-not-revocable",
        "该版本不能撤销",
        "That version of the register cannot be revoked",
        "登记簿没有第 {register_version} 版，或者该次登记不适用撤销。",
        "There is no version {register_version}, or its act is not revoked in this way.",
    ),
    errors.LaterChangeStands: ProblemType(
        HTTPStatus.CONFLICT,
        "later-change-stands",
        "之后的登记变更了同一事项",
        "A later registration changed the same",
        "请先处理第 {register_version} 版。",
        "Deal with version {register_version} first.",
    ),
    errors.ChangesFrozen: ProblemType(
        HTTPStatus.CONFLICT,
        "changes-frozen",
        "涉嫌虚假登记公示期间暂停办理登记",
        "Nothing is registered while the facts of a false registration are published",
        "见案件 {case_id}。",
        "See case {case_id}.",
    ),
    errors.NotACourt: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-a-court",
        "仅限人民法院",
        "Only courts of the region tell of rulings",
    ),
    errors.RulingNotPossible: ProblemType(
        HTTPStatus.CONFLICT,
        "ruling-not-possible",
        "该裁定与此前裁定不相衔接",
        "The ruling does not follow from those before it",
        "当前程序为 {proceedings}，不能登记 {ruling}。",
        "The proceedings are {proceedings}; {ruling} cannot follow.",
    ),
    errors.RulingEntered: ProblemType(
        HTTPStatus.CONFLICT,
        "ruling-entered",
        "该裁定已登记",
        "The ruling was entered before",
        "见 {ruling_id}。",
        "See {ruling_id}.",
    ),
}
