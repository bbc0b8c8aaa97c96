"""What happens before any route: context, limits on headers and bodies, content type, one log line, last resort."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry import metrics
from shared.telemetry.context import bound, new_context
from shared.web.problems import (
    BODY_TOO_LARGE,
    HEADERS_TOO_LARGE,
    INTERNAL,
    INVALID_INPUT,
    MEDIA_UNSUPPORTED,
    URI_TOO_LONG,
    FieldFault,
    ProblemType,
    prefers_english,
    problem_response,
)
from shared.web.validation import fault

log = logging.getLogger("shared.web")

MAX_HEADER_BYTES = 16 * 1024
MAX_BODY_BYTES = 1024 * 1024
MAX_URI_BYTES = 4096
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_ONCE = (b"host", b"authorization", b"dpop", b"content-length", b"content-type")
_QUIET = ("/livez", "/readyz", "/metrics")


class BodyTooLarge(Exception):
    """The body grew over the limit while it was read."""


class Guard:
    """Outermost layer of every app, in pure ASGI.

    `media_types` are the content types that a body may have; `max_body` is the limit that a route may be given
    more than by `larger`, a mapping of path prefix to bytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        larger: dict[str, int] | None = None,
        other_media: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._app = app
        self._service = service
        self._larger = larger or {}
        self._other_media = other_media or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        context = new_context(
            request_id=headers.get(b"x-request-id", b"").decode("latin-1") or None,
            traceparent=headers.get(b"traceparent", b"").decode("latin-1"),
        )
        with bound(context):
            await self._serve(scope, receive, send, headers, context.request_id)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes], request_id: str
    ) -> None:
        began = time.perf_counter()
        status = 0
        english = prefers_english(headers.get(b"accept-language", b"").decode("latin-1"))

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": answer_headers(message["headers"], request_id)}
            await send(message)

        limit = self._limit(scope["path"])
        try:
            refused = self._refuse(scope, headers, limit)
            if refused is not None:
                problem, faults = refused
                answer = problem_response(
                    problem, english=english, faults=faults, headers={"Connection": "close"}
                )
                await answer(scope, receive, sending)
            else:
                await self._app(scope, _limited(receive, limit), sending)
        except BodyTooLarge:
            if not status:
                answer = problem_response(BODY_TOO_LARGE, english=english, headers={"Connection": "close"})
                await answer(scope, receive, sending)
        except Exception:
            log.exception("unhandled_error", extra={"path": scope["path"]})
            if status:
                raise
            await problem_response(INTERNAL, english=english)(scope, receive, sending)
        finally:
            self._record(scope, status, time.perf_counter() - began)

    def _limit(self, path: str) -> int:
        return next((n for prefix, n in self._larger.items() if path.startswith(prefix)), MAX_BODY_BYTES)

    def _refuse(
        self, scope: Scope, headers: dict[bytes, bytes], limit: int
    ) -> tuple[ProblemType, list[FieldFault]] | None:
        pairs = scope["headers"]
        size = 0
        for name, value in pairs:
            size += len(name) + len(value)
        if size > MAX_HEADER_BYTES:
            return HEADERS_TOO_LARGE, []
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_URI_BYTES:
            return URI_TOO_LONG, []
        if len(headers) < len(pairs):  # some name came more than once
            names = [name for name, _ in pairs]
            for name in _ONCE:
                if names.count(name) > 1:
                    return INVALID_INPUT, [fault(f"header:{name.decode()}", "header_twice")]
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return INVALID_INPUT, [fault("path:", "bad_character")]
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            return INVALID_INPUT, [fault("header:content-length", "invalid")]
        if int(length) > limit:
            return BODY_TOO_LARGE, []
        has_body = int(length) > 0 or b"transfer-encoding" in headers
        if scope["method"] in _WITH_BODY and has_body and not self._takes(scope["path"], headers):
            return MEDIA_UNSUPPORTED, []
        return None

    def _takes(self, path: str, headers: dict[bytes, bytes]) -> bool:
        media = headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")
        if media == "application/json":
            return True
        return any(media in kinds for prefix, kinds in self._other_media.items() if path.startswith(prefix))

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("tongban.route", "unknown")
        metrics.REQUESTS.labels(self._service, route, scope["method"], status).inc()
        metrics.REQUEST_SECONDS.labels(self._service, route).observe(seconds)
        if scope["path"] in _QUIET:
            return
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "route": route,
                "status": status,
                "duration_ms": round(seconds * 1000, 2),
                "principal": scope.get("tongban.principal"),
            },
        )


def _limited(receive: Receive, limit: int) -> Receive:
    """Count what is read: a chunked body over the limit is cut where it passes it."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise BodyTooLarge
        return message

    return receiving


def answer_headers(headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """Add what every answer has to the headers of one."""
    names = {name.lower() for name, _ in headers}
    added = [(b"x-request-id", request_id.encode("latin-1"))]
    if b"x-content-type-options" not in names:
        added.append((b"x-content-type-options", b"nosniff"))
    if b"cache-control" not in names:
        added.append((b"cache-control", b"no-store"))
    return [*headers, *added]
