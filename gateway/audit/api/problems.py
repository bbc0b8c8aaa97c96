"""Refusals of the audit part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.audit.domain.errors import AuditorsOnly, EntryNotFound, IntervalOpen
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    AuditorsOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "auditors-only",
        "仅数据主管部门可审计",
        "Only the data bureau audits",
        "查看本人数据被谁查询，请使用 /audit/v1/mine。",
        "To see who read your own data, use /audit/v1/mine.",
    ),
    EntryNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "audit-entry-not-found", "未找到该审计记录", "No such entry in the audit log"
    ),
    IntervalOpen: ProblemType(
        HTTPStatus.CONFLICT,
        "audit-interval-open",
        "该记录所在区间尚未封存",
        "The entry's interval is not closed yet",
        "区间封存后再取证明，一般不超过十分钟。",
        "Ask again once the interval is closed, as a rule within ten minutes.",
    ),
}
