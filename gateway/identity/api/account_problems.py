"""Refusals of the register of accounts as problems."""

from http import HTTPStatus
from typing import Final

from gateway.identity.domain.account_refusals import (
    AccountActionNotAllowed,
    AccountExists,
    AccountNotFound,
    AccountNotPossible,
    ConsentNotFound,
    CounterOnly,
    OwnAccountUntouched,
    PeopleOnly,
    SessionNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

ACCOUNT_PROBLEMS: Final[ProblemTable] = {
    AccountNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "account-not-found", "未找到该账户", "No such account"
    ),
    AccountExists: ProblemType(
        HTTPStatus.CONFLICT,
        "account-exists",
        "用户名已被使用，或该人员已有账户",
        "The user name is taken, or the person has an account",
    ),
    AccountNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST, "account-not-possible", "不能如此开立或变更账户", "This account cannot be"
    ),
    AccountActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "account-action-not-allowed",
        "账户的当前状态不允许此操作",
        "The account's standing does not allow this",
        "账户状态为 {standing}。",
        "The account is {standing}.",
    ),
    OwnAccountUntouched: ProblemType(
        HTTPStatus.CONFLICT,
        "own-account-untouched",
        "不能对自己的账户执行此操作",
        "Nobody does this to the own account",
    ),
    CounterOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "counter-only",
        "仅数据主管部门或综合窗口的工作人员可以办理",
        "Only an officer of the data bureau or at a comprehensive window may do this",
    ),
    PeopleOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "people-only",
        "仅本人登录后可以查看自己的账户",
        "Only a signed-in person, in their own name, has an account of their own",
    ),
    SessionNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "session-not-found", "未找到该登录设备", "No such session"
    ),
    ConsentNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "consent-not-found",
        "没有授权过该应用",
        "Nothing was allowed to this application",
    ),
}
