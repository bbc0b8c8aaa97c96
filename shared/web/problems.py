"""Refusals as RFC 9457 problem documents, in the caller's language."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from shared.telemetry.context import current_context

MEDIA_TYPE = "application/problem+json"
_RESERVED = frozenset({"type", "title", "status", "detail", "instance", "errors"})


@dataclass(frozen=True)
class ProblemType:
    """What a refusal is called: stable slug, HTTP status and its wording in both languages.

    Details are format strings over the fields of the domain error that the problem stands for.
    """

    status: HTTPStatus
    slug: str
    title_zh: str
    title_en: str
    detail_zh: str = ""
    detail_en: str = ""

    @property
    def uri(self) -> str:
        """The problem's `type`: a page that explains it."""
        return f"/problems/{self.slug}"


ProblemTable = Mapping[type[Exception], ProblemType]


@dataclass(frozen=True)
class FieldFault:
    """One fault of the input: where (JSON pointer), a stable code, and what was expected."""

    pointer: str
    code: str
    detail_zh: str
    detail_en: str


@dataclass(eq=False)
class Refusal(Exception):
    """A refusal that the web layer itself makes, with its problem type."""

    problem: ProblemType
    headers: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[FieldFault] = ()
    values: Mapping[str, object] = field(default_factory=dict)


def _p(status: int, slug: str, zh: str, en: str, detail_zh: str = "", detail_en: str = "") -> ProblemType:
    return ProblemType(HTTPStatus(status), slug, zh, en, detail_zh, detail_en)


INVALID_INPUT = _p(400, "invalid-input", "请求内容不符合要求", "The request is not as expected")
KEY_MISSING = _p(
    400,
    "idempotency-key-missing",
    "缺少幂等键",
    "Idempotency-Key is missing",
    "请为此操作附上 Idempotency-Key 请求头（8 至 128 个字符）；重试时使用同一个值。",
    "Send an Idempotency-Key header of 8 to 128 characters; use the same value when you try again.",
)
KEY_REUSED = _p(
    422,
    "idempotency-key-reused",
    "幂等键已用于另一请求",
    "The Idempotency-Key was used with another request",
)
IN_FLIGHT = _p(409, "request-in-flight", "相同请求正在处理", "The same request is being handled")
UNAUTHENTICATED = _p(401, "unauthenticated", "需要有效的访问令牌", "A valid access token is needed")
SCOPE_MISSING = _p(
    403,
    "insufficient-scope",
    "令牌权限不足",
    "The token does not allow this",
    "需要权限 {scope}。",
    "The scope {scope} is needed.",
)
NOT_EMPOWERED = _p(
    403,
    "not-empowered",
    "无权办理该事项",
    "This is not in the caller's power",
    "{because_zh}。",
    "{because_en}.",
)
STRONGER_SIGN_IN_NEEDED = _p(
    401,
    "stronger-sign-in-needed",
    "需要更强的身份认证",
    "A stronger sign-in is needed",
    "请以 acr_values={acr} 重新认证后再试。",
    "Sign the person in again with acr_values={acr}, then try again.",
)
FORBIDDEN = _p(403, "forbidden", "无权执行此操作", "You may not do this")
NOT_FOUND = _p(404, "not-found", "未找到", "Not found")
METHOD_NOT_ALLOWED = _p(405, "method-not-allowed", "不支持此方法", "The method is not offered here")
BODY_TOO_LARGE = _p(413, "body-too-large", "请求内容过大", "The request body is too large")
URI_TOO_LONG = _p(414, "uri-too-long", "请求地址过长", "The request address is too long")
MEDIA_UNSUPPORTED = _p(
    415,
    "unsupported-media-type",
    "不支持的内容类型",
    "The content type is not supported",
    "请使用 Content-Type: application/json。",
    "Send Content-Type: application/json.",
)
PRECONDITION_MISSING = _p(
    428,
    "precondition-required",
    "缺少 If-Match",
    "If-Match is missing",
    "请先读取资源，再以其 ETag 作为 If-Match 提交。",
    "Read the resource and send its ETag as If-Match.",
)
STALE = _p(412, "precondition-failed", "资源已被更改", "The resource has changed since you read it")
HEADERS_TOO_LARGE = _p(431, "headers-too-large", "请求头过大", "The request headers are too large")
TOO_MANY = _p(429, "too-many-requests", "请求过于频繁", "Too many requests")
INTERNAL = _p(500, "internal-error", "系统内部错误", "Something went wrong on our side")
UNAVAILABLE = _p(
    503, "unavailable", "服务暂不可用，请稍后重试", "The service is unavailable for a moment; try again"
)
CORE_PROBLEMS = (
    INVALID_INPUT,
    KEY_MISSING,
    KEY_REUSED,
    IN_FLIGHT,
    UNAUTHENTICATED,
    SCOPE_MISSING,
    NOT_EMPOWERED,
    STRONGER_SIGN_IN_NEEDED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    BODY_TOO_LARGE,
    URI_TOO_LONG,
    MEDIA_UNSUPPORTED,
    PRECONDITION_MISSING,
    STALE,
    HEADERS_TOO_LARGE,
    TOO_MANY,
    INTERNAL,
    UNAVAILABLE,
)


def prefers_english(accept_language: str | None) -> bool:
    """Choose between zh-CN, the default, and English by the caller's Accept-Language."""
    if not accept_language:
        return False
    best, english = 0.0, False
    for part in accept_language.split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag.startswith(("zh", "en")) and weight > best:
            best, english = weight, tag.startswith("en")
    return english


def problem_response(
    problem: ProblemType,
    *,
    english: bool,
    values: Mapping[str, object] | None = None,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build the answer for a refusal; `values` fill the detail and are shown as extension members."""
    values = values or {}
    detail = _fill(problem.detail_en if english else problem.detail_zh, values)
    body: dict[str, Any] = {k: v for k, v in values.items() if k not in _RESERVED}
    body |= {
        "type": problem.uri,
        "title": problem.title_en if english else problem.title_zh,
        "status": int(problem.status),
        "instance": current_context().request_id,
    }
    if detail:
        body["detail"] = detail
    if faults:
        body["errors"] = [
            {"pointer": f.pointer, "code": f.code, "detail": f.detail_en if english else f.detail_zh}
            for f in faults
        ]
    language = "en" if english else "zh-CN"
    return JSONResponse(
        body,
        status_code=int(problem.status),
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Cache-Control": "no-store", **(headers or {})},
    )


def values_of(error: Exception) -> dict[str, object]:
    """Public fields of a domain error, as JSON-ready extension members."""
    if not is_dataclass(error):
        return {}
    return {f.name: _plain(getattr(error, f.name)) for f in fields(error) if f.name != "faults"}


def faults_of(error: Exception) -> Sequence[FieldFault]:
    """The field faults that a domain error carries, if it carries any."""
    found = getattr(error, "faults", ())
    return [f for f in found if isinstance(f, FieldFault)]


def check_table(table: ProblemTable) -> None:
    """Refuse at start-up an error whose field would overwrite a member of the problem."""
    for error in table:
        if is_dataclass(error):
            clash = {f.name for f in fields(error)} & _RESERVED
            if clash:
                raise TypeError(f"{error.__name__} names a problem member: {', '.join(sorted(clash))}")


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return str(value)


class _Lenient(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = kwargs.get(str(key), "")
        return "、".join(map(str, value)) if isinstance(value, list) else value


def _fill(template: str, values: Mapping[str, object]) -> str:
    return _Lenient().vformat(template, (), values)
