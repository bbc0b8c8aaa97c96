"""One proxied request: verify, limit, forward, stream the answer back."""

import asyncio
import logging
import time
from typing import Final
from urllib.parse import quote_from_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.proxy.bodies import HELD_BYTES, CallerGone, IncomingBody, read_body
from gateway.proxy.guard import METHODS, ForwardingGuard
from gateway.proxy.headers import UnreadableHeader, headers_for_caller, headers_for_upstream
from gateway.proxy.paths import RouteTable, Upstream, is_ambiguous
from gateway.proxy.problems import AMBIGUOUS_PATH, UPSTREAM_TIMEOUT, UPSTREAM_UNREACHABLE
from gateway.proxy.rate import Allowance, TokenBuckets
from gateway.proxy.request_lines import configure_request_lines
from gateway.proxy.upstream import (
    Call,
    UpstreamAnswer,
    UpstreamBroken,
    UpstreamClient,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from gateway.proxy.verification import RememberingVerifier
from shared.security.principal import Principal
from shared.security.tokens import TokenRefused
from shared.telemetry import metrics
from shared.telemetry.context import current_context
from shared.web.problems import (
    INVALID_INPUT,
    METHOD_NOT_ALLOWED,
    TOO_MANY,
    UNAUTHENTICATED,
    FieldFault,
    ProblemType,
    prefers_english,
    problem_response,
)
from shared.web.validation import fault

log = logging.getLogger(__name__)

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_RETRY_AFTER_SECONDS: Final = (0.05, 0.25)
# Whatever may stand in a query stays as it was sent; bytes that may not are encoded, none is read anew.
_QUERY_SAFE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '#"<>')
_UNLIMITED: Final = frozenset({b"/livez", b"/readyz", b"/metrics", b"/.well-known/jwks.json"})


class Proxy:
    """Answers in front of the front office: services' paths are forwarded, all others passed on to it."""

    def __init__(
        self,
        front_office: ASGIApp,
        *,
        routes: RouteTable,
        verifier: RememberingVerifier,
        upstream: UpstreamClient,
        buckets: TokenBuckets,
    ) -> None:
        self._front_office = front_office
        self._routes = routes
        self._verifier = verifier
        self._upstream = upstream
        self._buckets = buckets
        self._guarded = ForwardingGuard(self._serve)
        configure_request_lines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; lifespan events are the front office's."""
        if scope["type"] != "http":
            await self._front_office(scope, receive, send)
            return
        raw_path = scope.get("raw_path") or scope["path"].encode()
        if is_ambiguous(raw_path) or self._routes.find(raw_path) is not None:
            await self._guarded(scope, receive, send)
        elif raw_path in _UNLIMITED:
            await self._front_office(scope, receive, send)
        else:
            await self._limited_front_office(scope, receive, send)

    async def _limited_front_office(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The front office decides on tokens itself; here a good one only says whose bucket it is."""
        headers = dict(scope["headers"])
        try:
            principal = await self._principal(headers)
        except TokenRefused:
            principal = None
        allowance = self._take(scope, principal)
        if allowance.retry_after:
            scope["tongban.allowance"] = allowance
            await self._guarded(scope, receive, send)
        else:
            await self._front_office(scope, receive, _with_allowance(send, allowance))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        spent: Allowance | None = scope.get("tongban.allowance")
        if spent is not None:
            await self._refuse_too_many(spent, scope, receive, send)
            return
        raw_path = scope.get("raw_path") or scope["path"].encode()
        upstream = self._routes.find(raw_path)
        if is_ambiguous(raw_path) or upstream is None:
            scope["tongban.route"] = "ambiguous"
            await _refuse(AMBIGUOUS_PATH, scope, receive, send)
            return
        scope["tongban.route"] = f"{upstream.prefix}/*"
        if scope["method"] not in METHODS:
            allow = {"Allow": ", ".join(sorted(METHODS))}
            await _refuse(METHOD_NOT_ALLOWED, scope, receive, send, headers=allow)
            return
        await self._admit(upstream, raw_path, scope, receive, send)

    async def _admit(
        self, upstream: Upstream, raw_path: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if b"transfer-encoding" in headers and b"content-length" in headers:
            faults = [fault("header:content-length", "header_twice")]
            await _refuse(INVALID_INPUT, scope, receive, send, faults=faults)
            return
        try:
            principal = await self._principal(headers)
        except TokenRefused as refused:
            metrics.TOKENS_REFUSED.labels("gateway", refused.reason).inc()
            log.info("token_refused", extra={"reason": refused.reason})
            allowance = self._take(scope, None)
            if allowance.retry_after:
                await self._refuse_too_many(allowance, scope, receive, send)
                return
            challenge = {"WWW-Authenticate": "Bearer"}
            await _refuse(UNAUTHENTICATED, scope, receive, send, headers=challenge)
            return
        if principal is not None:
            scope["tongban.principal"] = principal.reference
        allowance = self._take(scope, principal)
        if allowance.retry_after:
            await self._refuse_too_many(allowance, scope, receive, send)
            return
        await self._forward(upstream, raw_path, headers, scope, receive, _with_allowance(send, allowance))

    async def _principal(self, headers: dict[bytes, bytes]) -> Principal | None:
        """Return whose token came; none is the service's to judge: it knows which of its routes are public."""
        header = headers.get(b"authorization")
        if header is None:
            return None
        scheme, _, token = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("no_bearer_token")
        return await self._verifier.verify(token)

    def _take(self, scope: Scope, principal: Principal | None) -> Allowance:
        client = scope.get("client")
        address = client[0] if client else ""
        caller = f"{principal.client_id}/{principal.subject}" if principal else address
        return self._buckets.take(caller, time.monotonic())

    async def _refuse_too_many(
        self, allowance: Allowance, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers = {"Retry-After": str(allowance.retry_after)}
        await _refuse(TOO_MANY, scope, receive, _with_allowance(send, allowance), headers=headers)

    async def _forward(
        self,
        upstream: Upstream,
        raw_path: bytes,
        headers: dict[bytes, bytes],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        try:
            incoming = await read_body(headers, receive)
            outgoing = headers_for_upstream(scope, current_context(), incoming.length)
            call = Call(scope["method"], _target(upstream, raw_path, scope), outgoing, incoming.body)
            await self._send(upstream, call, _attempts(scope, headers, incoming), send)
        except CallerGone:
            log.info("caller_gone", extra={"upstream": upstream.name})
        except UnreadableHeader as error:
            faults = [fault(f"header:{error.name[:40]}", "bad_character")]
            await _refuse(INVALID_INPUT, scope, receive, send, faults=faults)
        except (UpstreamUnreachable, UpstreamTimeout, UpstreamBroken) as error:
            log.warning("upstream_failed", extra={"upstream": upstream.name, "reason": type(error).__name__})
            late = isinstance(error, UpstreamTimeout)
            await _refuse(
                UPSTREAM_TIMEOUT if late else UPSTREAM_UNREACHABLE,
                scope,
                receive,
                send,
                headers={"Retry-After": "2"},
                values={"upstream": upstream.name},
            )

    async def _send(self, upstream: Upstream, call: Call, attempts: int, send: Send) -> None:
        """Send, again where no connection could be made and it is safe."""
        for attempt in range(attempts):
            try:
                async with self._upstream.send(call) as answer:
                    await _stream_back(upstream, answer, send)
                return
            except UpstreamUnreachable:
                if attempt + 1 == attempts:
                    raise
                await asyncio.sleep(_RETRY_AFTER_SECONDS[attempt])


def _attempts(scope: Scope, headers: dict[bytes, bytes], incoming: IncomingBody) -> int:
    keyed = scope["method"] == "POST" and b"idempotency-key" in headers
    safe = incoming.can_be_sent_again and (scope["method"] in _IDEMPOTENT or keyed)
    return 1 + len(_RETRY_AFTER_SECONDS) if safe else 1


def _target(upstream: Upstream, raw_path: bytes, scope: Scope) -> str:
    target = upstream.url + raw_path.decode("ascii")
    query: bytes = scope["query_string"]
    return f"{target}?{quote_from_bytes(query, safe=_QUERY_SAFE)}" if query else target


async def _stream_back(upstream: Upstream, answer: UpstreamAnswer, send: Send) -> None:
    """Pass an answer on: a small one in one go once it is whole, others as they come."""
    length = answer.length
    whole_at = length if length is not None and length <= HELD_BYTES else None
    head: Message = {
        "type": "http.response.start",
        "status": answer.status,
        "headers": headers_for_caller(answer.headers, upstream.name),
    }
    held: list[bytes] = []
    missing = whole_at or 0
    try:
        while missing and (piece := await answer.piece()):
            held.append(piece)
            missing -= len(piece)
        await send(head)
        head = {}
        if whole_at is None:
            async for piece in answer.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    except (UpstreamTimeout, UpstreamBroken) as error:
        # Ending without the last piece makes the server cut the connection, so that nobody takes half an
        # answer for a whole one.
        log.warning("answer_cut", extra={"upstream": upstream.name, "reason": type(error).__name__})
        if head:
            await send(head)
            await send({"type": "http.response.body", "body": b"".join(held), "more_body": True})
        return
    await send({"type": "http.response.body", "body": b"".join(held), "more_body": False})


def _with_allowance(send: Send, allowance: Allowance) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *allowance.headers()]}
        await send(message)

    return sending


async def _refuse(
    problem: ProblemType,
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    headers: dict[str, str] | None = None,
    faults: list[FieldFault] | None = None,
    values: dict[str, object] | None = None,
) -> None:
    """Answer with a problem that says that it arose here, not at a service."""
    language = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    response = problem_response(
        problem,
        english=prefers_english(language),
        values=values,
        faults=faults or (),
        headers={"X-Tongban-Origin": "gateway", **(headers or {})},
    )
    await response(scope, receive, send)
