"""Refusals of the identity part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.identity.api.account_problems import ACCOUNT_PROBLEMS
from gateway.identity.api.client_problems import CLIENT_PROBLEMS
from gateway.identity.api.mandate_problems import MANDATE_PROBLEMS
from gateway.identity.api.outside_problems import OUTSIDE_PROBLEMS
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.key_ring import RotationPending
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    **ACCOUNT_PROBLEMS,
    **CLIENT_PROBLEMS,
    **MANDATE_PROBLEMS,
    **OUTSIDE_PROBLEMS,
    AuthorityOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "identity-authority-only",
        "仅数据主管部门可以管理统一身份认证",
        "Only the data bureau governs identity",
    ),
    RotationPending: ProblemType(
        HTTPStatus.CONFLICT,
        "rotation-pending",
        "新密钥即将启用",
        "The next key is about to sign",
        "新密钥自 {signs_from} 起签名。",
        "It signs from {signs_from}.",
    ),
}
