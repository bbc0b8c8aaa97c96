"""Refusals that arise at the proxy itself."""

from http import HTTPStatus
from typing import Final

from shared.web.problems import ProblemType

AMBIGUOUS_PATH: Final = ProblemType(
    HTTPStatus.BAD_REQUEST,
    "ambiguous-path",
    "请求路径有歧义",
    "The path can be read in more than one way",
    "路径中不得有空段、“.”、“..”、分号、反斜杠；斜杠、字母、数字和“-”“.”“_”“~”不得编码。",
    "The path may have no empty, '.' or '..' segment, no semicolon, no backslash, and no slash, letter,"
    " digit, '-', '.', '_' or '~' that is percent-encoded.",
)
UPSTREAM_UNREACHABLE: Final = ProblemType(
    HTTPStatus.BAD_GATEWAY,
    "upstream-unreachable",
    "后端服务暂时无法连接",
    "The service behind the gateway cannot be reached",
    "网关未能取得 {upstream} 的完整答复；请求是否已被处理不能确定时，请以同一幂等键重试。",
    "The gateway got no whole answer from {upstream}. Try again with the same Idempotency-Key.",
)
UPSTREAM_TIMEOUT: Final = ProblemType(
    HTTPStatus.GATEWAY_TIMEOUT,
    "upstream-timeout",
    "后端服务未及时答复",
    "The service behind the gateway did not answer in time",
    "{upstream} 未在规定时间内答复；请以同一幂等键重试。",
    "{upstream} did not answer in time. Try again with the same Idempotency-Key.",
)
UPSTREAM_BUSY: Final = ProblemType(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "upstream-busy",
    "后端服务繁忙",
    "Too many requests are waiting for the service",
    "等待 {upstream} 答复的请求过多，本请求未被转发；请稍后重试。",
    "Too many requests are waiting for {upstream}; this one was not forwarded. Try again in a moment.",
)
CIRCUIT_OPEN: Final = ProblemType(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "circuit-open",
    "后端服务暂停访问",
    "The service behind the gateway is not asked for a moment",
    "{upstream} 连续多次没有答复，网关暂停转发，本请求未被转发；请稍后重试。",
    "{upstream} did not answer several times in a row; this request was not forwarded. Try again in a moment.",
)
PROXY_PROBLEMS: Final = (
    AMBIGUOUS_PATH,
    UPSTREAM_UNREACHABLE,
    UPSTREAM_TIMEOUT,
    UPSTREAM_BUSY,
    CIRCUIT_OPEN,
)
