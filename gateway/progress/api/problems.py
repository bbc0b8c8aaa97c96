"""Refusals of this part and the problems that they are told as."""

from http import HTTPStatus
from typing import Final

from gateway.progress.domain.errors import CaseNotFound, ExceptionNotFound, ExceptionsForBureau, NothingFiled
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    CaseNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "case-not-found",
        "未找到此办件",
        "No such case",
        "请核对受理编号；刚提交的办件约一秒后可查。",
        "Check the number; a case can be seen about a second after it was submitted.",
    ),
    NothingFiled: ProblemType(
        HTTPStatus.NOT_FOUND,
        "nothing-filed",
        "该代码名下没有可查看的信息",
        "Nothing that you may see is filed under this code",
    ),
    ExceptionNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "record-exception-not-found",
        "没有待归集的记录",
        "No record waits under this id",
        "该记录不存在，或已有人处理。",
        "There is none, or somebody has resolved it.",
    ),
    ExceptionsForBureau: ProblemType(
        HTTPStatus.FORBIDDEN,
        "record-exceptions-for-bureau",
        "仅数据主管部门处理归集异常",
        "Only the data bureau resolves records without an enterprise",
    ),
}
