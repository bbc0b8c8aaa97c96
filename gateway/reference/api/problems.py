"""Refusals of the reference as problems."""

from http import HTTPStatus
from typing import Final

from shared.web.problems import ProblemType

SERVICE_UNKNOWN: Final = ProblemType(
    HTTPStatus.NOT_FOUND,
    "service-not-found",
    "没有此服务",
    "No such service",
    "服务名称见 /catalogue/services。",
    "The services are listed at /catalogue/services.",
)
DOCUMENT_UNAVAILABLE: Final = ProblemType(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "service-document-unavailable",
    "暂时无法取得该服务的接口文档，请稍后重试",
    "The service's document cannot be had right now; try again",
    "{service} 目前无法连接。",
    "{service} is not reachable at present.",
)
