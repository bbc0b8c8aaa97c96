"""Refusals of the notices part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.notices.domain.errors import NoLocalOutbox, NoticeNotFound, NoticesAuthorityOnly
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    NoticeNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "notice-not-found", "没有该通知", "There is no such notice"
    ),
    NoLocalOutbox: ProblemType(
        HTTPStatus.CONFLICT,
        "no-local-outbox",
        "本地发件箱仅在本地模式可用",
        "The local outbox is there in local mode only",
    ),
    NoticesAuthorityOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "notices-authority-only",
        "仅数据主管部门可以查看通知发送情况",
        "Only the data bureau sees how notices were sent",
    ),
}
