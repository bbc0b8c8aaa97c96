"""Refusals of the uplink part as problems."""

from http import HTTPStatus
from typing import Final

from gateway.uplink.domain.authority import UplinkAuthorityOnly
from gateway.uplink.domain.records import RecordActionNotAllowed, RecordNotFound
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    UplinkAuthorityOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "uplink-authority-only",
        "仅数据主管部门可以管理数据上联",
        "Only the data bureau looks after the uplink",
    ),
    RecordNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "uplink-record-not-found", "没有该上联数据", "There is no such outbound record"
    ),
    RecordActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "uplink-record-action-not-allowed",
        "该上联数据当前不能执行此操作",
        "The outbound record does not allow this now",
        "当前状态：{record_state}。",
        "It is {record_state}.",
    ),
}
