"""The plain request, sent on and answered without a task of its own: no body, a known token, a kept connection.

It is the same way as the long one, by the same rules, only that nothing on it has to be waited for. Whatever is not
plain is left to the long way: before anything was done, by not taking the request at all; after it was sent (a long
answer, none, a caller that hung up), by handing the exchange over as it stands.
"""

import time
from typing import Final

from starlette.types import Scope

from gateway.proxy.admission import Admission
from gateway.proxy.caller import Caller
from gateway.proxy.connection import UpstreamConnection
from gateway.proxy.forwarding import Admitted, Forwarder, Underway
from gateway.proxy.guard import BEGAN, CONTEXT, METHODS, ForwardingGuard, context_of
from gateway.proxy.headers import UnreadableHeader, headers_for_caller
from gateway.proxy.paths import RouteTable, is_ambiguous
from gateway.proxy.peers import TrustedProxies
from shared.security.tokens import TokenRefused
from shared.web.middleware import answer_headers

# Where a scope holds what is under way when the long way takes over.
UNDERWAY: Final = "tongban.underway"


class StraightWay:
    """Takes plain requests from the gateway's protocol."""

    def __init__(
        self,
        routes: RouteTable,
        trusted: TrustedProxies,
        guard: ForwardingGuard,
        admission: Admission,
        forwarder: Forwarder,
    ) -> None:
        self._routes = routes
        self._trusted = trusted
        self._guard = guard
        self._admission = admission
        self._forwarder = forwarder

    def take(self, scope: Scope, caller: Caller) -> bool:
        """Send a request on its way; False where it is not plain. `scope` is that of a request without a body."""
        began = time.perf_counter()
        raw_path: bytes = scope["raw_path"]
        upstream = self._routes.find(raw_path)
        if upstream is None or is_ambiguous(raw_path) or scope["method"] not in METHODS:
            return False
        headers: dict[bytes, bytes] = dict(scope["headers"])
        cross_origin, origin = self._guard.cross_origin, headers.get(b"origin")
        if self._guard.refuses(scope, headers):
            return False
        if origin is not None and cross_origin.answers_preflight(scope, headers):
            return False
        try:
            is_known, principal = self._admission.recall(headers)
        except TokenRefused:
            return False
        if not is_known:
            return False
        self._trusted.settle(scope)
        allowance = self._admission.take(scope, principal)
        if allowance.retry_after:
            return False
        context = context_of(headers)
        scope[CONTEXT], scope[BEGAN], scope["tongban.route"] = context, began, upstream.route
        own_lines = allowance.lines() + cross_origin.api_lines(origin)
        request = Admitted(upstream, raw_path, scope, headers, own_lines, context)
        try:
            underway = self._forwarder.begin_at_once(request, caller)
        except UnreadableHeader:
            return False
        if underway is None:
            return False
        underway.connection.tell(_Answering(self._guard, underway, caller).on_news)
        return True


class _Answering:
    """Waits for a small answer, and passes it back."""

    __slots__ = ("_caller", "_guard", "_underway")

    def __init__(self, guard: ForwardingGuard, underway: Underway, caller: Caller) -> None:
        self._guard = guard
        self._underway = underway
        self._caller = caller

    def on_news(self) -> None:
        """Something has come of the answer, or has gone wrong."""
        connection, scope = self._underway.connection, self._underway.request.scope
        if connection.is_coming_whole():
            return
        is_plain = connection.is_whole and connection.is_small and scope["method"] != "HEAD"
        if is_plain and self._caller.is_ready:
            self._answer(connection)
        else:
            connection.tell_no_more()
            scope[UNDERWAY] = self._underway
            self._caller.take_the_long_way(scope)

    def _answer(self, connection: UpstreamConnection) -> None:
        request = self._underway.request
        status, context = connection.status, request.context
        lines = headers_for_caller(connection.headers, request.upstream.origin)
        lines += request.own_lines
        self._caller.answer(status, answer_headers(lines, context.request_id), connection.take())
        self._underway.answered()
        self._guard.record(context, request.scope, status, time.perf_counter() - request.scope[BEGAN])
