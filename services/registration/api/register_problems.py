"""Refusals of the register's reads and of reconciliations, and the problems that they are told as."""

from http import HTTPStatus

from services.registration.domain import register_errors as errors
from shared.web.problems import ProblemTable, ProblemType

REGISTER_PROBLEMS: ProblemTable = {
    errors.SearchTooBroad: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "search-too-broad",
        "查询条件过宽",
        "The search is too broad",
        "请补充名称、行政区划、日期等条件后重试。",
        "Name more of it: a longer part of the name, a division, a day.",
    ),
    errors.PositionUnknown: ProblemType(
        HTTPStatus.GONE,
        "position-unknown",
        "登记簿中没有此位置",
        "The register has no such position",
        "登记簿最新位置为 {newest}。登记簿可能已从备份恢复；请重新导出全量数据后继续。",
        "The newest position is {newest}. The register may have been restored: take the export anew and go on from it.",
    ),
    errors.ReconciliationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "reconciliation-not-found", "没有此比对任务", "There is no such reconciliation"
    ),
    errors.ReconciliationCompleted: ProblemType(
        HTTPStatus.CONFLICT, "reconciliation-completed", "比对任务已完成", "The reconciliation is completed"
    ),
    errors.ReconciliationIncomplete: ProblemType(
        HTTPStatus.CONFLICT,
        "reconciliation-incomplete",
        "尚有未处理的行",
        "Lines are missing",
        "从第 {missing_from} 行起尚未处理。",
        "Lines from {missing_from} on are missing.",
    ),
    errors.DifferenceNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "difference-not-found", "没有此差异", "There is no such difference"
    ),
    errors.DifferenceSettled: ProblemType(
        HTTPStatus.CONFLICT,
        "difference-settled",
        "此差异已处理",
        "The difference was settled",
        "处理结果为 {settlement}。",
        "It was settled: {settlement}.",
    ),
    errors.DifferenceOutdated: ProblemType(
        HTTPStatus.CONFLICT,
        "difference-outdated",
        "登记簿在比对后已变化",
        "The register has changed since",
        "请重新比对。",
        "Reconcile again.",
    ),
    errors.DifferenceNeedsFiling: ProblemType(
        HTTPStatus.CONFLICT,
        "difference-needs-filing",
        "不能按对方数据直接更正",
        "It cannot be entered as the other register has it",
        "{why}",
        "{why}",
    ),
}
