"""Refusals of the powers part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.powers.domain.errors import (
    AlreadyDelegated,
    DelegationEnded,
    DelegationNotFound,
    DelegationNotPossible,
    NotYourPower,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    DelegationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "delegation-not-found", "未找到该下放记录", "No such delegation"
    ),
    DelegationNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST, "delegation-not-possible", "不能如此下放", "This cannot be delegated so"
    ),
    AlreadyDelegated: ProblemType(
        HTTPStatus.CONFLICT,
        "already-delegated",
        "该事项已下放给该园区",
        "The zone has this power already",
        "请先收回现有的下放，再按新的条件下放。",
        "Withdraw the present delegation before giving it on other terms.",
    ),
    DelegationEnded: ProblemType(
        HTTPStatus.CONFLICT,
        "delegation-ended",
        "该下放已终止",
        "The delegation has ended",
        "下放状态为 {delegation_status}。",
        "The delegation is {delegation_status}.",
    ),
    NotYourPower: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-your-power",
        "仅事权部门或数据主管部门可以下放或收回",
        "Only the agency that holds the power, or the data bureau, gives and withdraws it",
    ),
}
