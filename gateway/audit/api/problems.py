"""Refusals of the audit part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.audit.domain.errors import AuditorsOnly
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
}
