"""What stands before every request: which service it is for, who sends it, and whether it may pass."""

import logging
from http import HTTPStatus
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.proxy.admission import ALLOWANCE, Admission
from gateway.proxy.cross_origin import PREFLIGHT_LINES, CrossOrigin, IsRegistered
from gateway.proxy.forwarding import Admitted, Forwarder, Underway
from gateway.proxy.guard import METHODS, ForwardingGuard, from_here
from gateway.proxy.paths import RouteTable, Upstream, is_ambiguous, raw_path_of
from gateway.proxy.peers import TrustedProxies
from gateway.proxy.problems import AMBIGUOUS_PATH
from gateway.proxy.rate import Allowance, TokenBuckets
from gateway.proxy.refusals import refuse
from gateway.proxy.request_lines import RequestLines
from gateway.proxy.straight import UNDERWAY, StraightWay
from gateway.proxy.upstream import UpstreamClient
from gateway.proxy.verification import RememberingVerifier
from shared.security.possession import ProofRefused
from shared.security.tokens import TokenRefused
from shared.telemetry import metrics
from shared.telemetry.context import current_context
from shared.web.problems import INVALID_INPUT, METHOD_NOT_ALLOWED, TOO_MANY, UNAUTHENTICATED
from shared.web.validation import fault

log = logging.getLogger(__name__)

_UNLIMITED: Final = frozenset({b"/livez", b"/readyz", b"/metrics", b"/.well-known/jwks.json"})
# Where a scope says that its request is a preflight that is answered here.
_PREFLIGHT: Final = "tongban.preflight"


class Proxy:
    """Answers in front of the front office: services' paths are forwarded, all others passed on to it.

    `straight` is the shorter way of plain requests, for a server that knows it.
    """

    def __init__(
        self,
        front_office: ASGIApp,
        *,
        routes: RouteTable,
        verifier: RememberingVerifier,
        upstream: UpstreamClient,
        buckets: TokenBuckets,
        trusted: TrustedProxies,
        is_registered: IsRegistered,
    ) -> None:
        self._front_office = front_office
        self._routes = routes
        self._trusted = trusted
        self._admission = Admission(verifier, buckets)
        self._forwarder = Forwarder(upstream, routes.upstreams)
        self._lines = RequestLines()
        self._cross_origin = CrossOrigin(is_registered)
        self._guarded = ForwardingGuard(self._serve, self._lines, self._cross_origin)
        self.straight = StraightWay(routes, trusted, self._guarded, self._admission, self._forwarder).take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; lifespan events are the front office's."""
        if scope["type"] != "http":
            await self._front_office(scope, receive, send)
            self._lines.flush()
            return
        self._trusted.settle(scope)
        raw_path = raw_path_of(scope)
        if is_ambiguous(raw_path):
            scope["tongban.route"] = "ambiguous"
            await self._guarded(scope, receive, send)
        elif self._cross_origin.answers_preflight(scope, dict(scope["headers"])):
            scope[_PREFLIGHT], scope["tongban.route"] = True, "preflight"
            await self._guarded(scope, receive, send)
        elif (upstream := self._routes.find(raw_path)) is not None:
            scope["tongban.upstream"], scope["tongban.route"] = upstream, upstream.route
            await self._guarded(scope, receive, send)
        elif raw_path in _UNLIMITED:
            await self._front_office(
                scope, receive, from_here(send, *self._cross_origin.lines(raw_path, None))
            )
        else:
            await self._limited_front_office(scope, receive, send)

    async def _limited_front_office(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The front office decides on tokens itself; here a good one only says whose bucket it is."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            principal = await self._admission.principal(headers)
        except TokenRefused:
            principal = None
        allowance = self._admission.take(scope, principal)
        if allowance.retry_after:
            await self._guarded(scope, receive, send)
        else:
            own_lines = allowance.lines() + self._cross_origin.lines(
                raw_path_of(scope), headers.get(b"origin")
            )
            await self._front_office(scope, receive, from_here(send, *own_lines))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        underway: Underway | None = scope.get(UNDERWAY)
        upstream: Upstream | None = scope.get("tongban.upstream")
        allowance: Allowance | None = scope.get(ALLOWANCE)
        if underway is not None:
            await self._forwarder.go_on(underway, receive, send)
        elif _PREFLIGHT in scope:
            await self._answer_preflight(scope, receive, send)
        elif allowance is not None and allowance.retry_after:
            await _refuse_too_many(allowance, scope, receive, send)
        elif upstream is None:
            await refuse(AMBIGUOUS_PATH, scope, receive, send)
        elif scope["method"] not in METHODS:
            allow = {"Allow": ", ".join(sorted(METHODS))}
            await refuse(METHOD_NOT_ALLOWED, scope, receive, send, headers=allow)
        else:
            await self._admit(upstream, scope, receive, send)

    async def _answer_preflight(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nobody's token comes with it, so it counts for its address."""
        allowance = self._admission.take(scope, None)
        if allowance.retry_after:
            await _refuse_too_many(allowance, scope, receive, send)
            return
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
        answer.raw_headers += PREFLIGHT_LINES + allowance.lines()
        await answer(scope, receive, send)

    async def _admit(self, upstream: Upstream, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if b"transfer-encoding" in headers and b"content-length" in headers:
            faults = [fault("header:content-length", "header_twice")]
            await refuse(INVALID_INPUT, scope, receive, send, faults=faults)
            return
        principal, reason, challenge = None, None, "Bearer"
        try:
            principal = await self._admission.principal(headers)
            if principal is not None:
                self._admission.check_possession(scope, headers, principal)
        except TokenRefused as refused:
            reason = refused.reason
            challenge = refused.challenge if isinstance(refused, ProofRefused) else challenge
            metrics.TOKENS_REFUSED.labels("gateway", reason).inc()
            log.info("token_refused", extra={"reason": reason})
        allowance = self._admission.take(scope, principal)
        if allowance.retry_after:
            await _refuse_too_many(allowance, scope, receive, send)
        elif reason is not None:
            await refuse(UNAUTHENTICATED, scope, receive, send, headers={"WWW-Authenticate": challenge})
        else:
            own_lines = allowance.lines() + self._cross_origin.api_lines(headers.get(b"origin"))
            request = Admitted(upstream, raw_path_of(scope), scope, headers, own_lines, current_context())
            await self._forwarder.forward(request, receive, send)


async def _refuse_too_many(allowance: Allowance, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Retry-After": str(allowance.retry_after)}
    await refuse(TOO_MANY, scope, receive, send, headers=headers, own_lines=allowance.lines())
