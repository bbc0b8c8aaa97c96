"""An admitted request on its way to its service, again where that is safe, and the answer on its way back."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote_from_bytes

from starlette.types import Message, Receive, Scope, Send

from gateway.proxy.bodies import NO_BODY, IncomingBody, read_body
from gateway.proxy.caller import Caller, caller_of
from gateway.proxy.circuit import Circuit
from gateway.proxy.connection import UpstreamConnection
from gateway.proxy.failures import (
    CallerGone,
    KeptConnectionClosed,
    UpstreamBroken,
    UpstreamBusy,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from gateway.proxy.guard import ANSWERED
from gateway.proxy.headers import (
    Lines,
    UnreadableHeader,
    headers_for_caller,
    headers_for_upstream,
    is_event_stream,
)
from gateway.proxy.limits import limits_of
from gateway.proxy.paths import Upstream
from gateway.proxy.problems import CIRCUIT_OPEN, UPSTREAM_BUSY, UPSTREAM_TIMEOUT, UPSTREAM_UNREACHABLE
from gateway.proxy.refusals import refuse
from gateway.proxy.upstream import Call, Exchange, UpstreamClient
from shared.telemetry.context import WorkContext
from shared.web.middleware import answer_headers
from shared.web.problems import INVALID_INPUT, ProblemType
from shared.web.validation import fault

log = logging.getLogger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_IDEMPOTENT: Final = _SAFE | {"PUT", "DELETE"}
_AGAIN_AFTER_SECONDS: Final = (0.05, 0.25)
# Whatever may stand in a query stays as it was sent; bytes that may not are encoded, none is read anew.
_QUERY_SAFE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '#"<>')
_QUERY_SAFE_BYTES: Final = _QUERY_SAFE.encode()


class Admitted(NamedTuple):
    """A request that may pass: where to, and the lines that its answer gets from here."""

    upstream: Upstream
    raw_path: bytes
    scope: Scope
    headers: dict[bytes, bytes]
    own_lines: Iterable[tuple[bytes, bytes]]
    context: WorkContext


class Underway(NamedTuple):
    """A request that was sent on before anything of its answer is known."""

    request: Admitted
    call: Call
    exchange: Exchange
    connection: UpstreamConnection
    circuit: Circuit

    def answered(self) -> None:
        """Its whole answer was passed back."""
        self.exchange.end_at_once()
        self.circuit.answered()


class Forwarder:
    """Sends requests to the services; one circuit each."""

    def __init__(self, client: UpstreamClient, upstreams: tuple[Upstream, ...]) -> None:
        self._client = client
        self._circuits = {upstream.name: Circuit(upstream.name) for upstream in upstreams}

    async def forward(self, request: Admitted, receive: Receive, send: Send) -> None:
        """Forward one request; whatever comes of it is answered."""
        circuit = self._circuits[request.upstream.name]
        try:
            incoming = await read_body(request.headers, receive)
            call = _call(request, incoming)
        except CallerGone:
            log.info("caller_gone", extra={"upstream": request.upstream.name})
            return
        except UnreadableHeader as error:
            faults = [fault(f"header:{error.name[:40]}", "bad_character")]
            await refuse(INVALID_INPUT, request.scope, receive, send, faults=faults)
            return
        wait = circuit.seconds_to_wait()
        if wait:
            await _refuse_for(CIRCUIT_OPEN, request, receive, send, retry_after=wait)
        else:
            sending = _Sending(self._client, request, call, incoming, circuit)
            await sending.answer(receive, send)

    def begin_at_once(self, request: Admitted, caller: Caller) -> Underway | None:
        """Send a request without body where a kept connection waits for it; raises UnreadableHeader."""
        circuit = self._circuits[request.upstream.name]
        if not circuit.is_closed:
            return None
        call = _call(request, NO_BODY)
        exchange = self._client.send(call, caller=caller)
        connection = exchange.begin_at_once()
        return None if connection is None else Underway(request, call, exchange, connection, circuit)

    async def go_on(self, underway: Underway, receive: Receive, send: Send) -> None:
        """Forward a request that was begun at once."""
        request, call, exchange, _, circuit = underway
        sending = _Sending(self._client, request, call, NO_BODY, circuit, exchange)
        await sending.answer(receive, send)


@dataclass(slots=True)
class _Sending:
    """One request on its way to its answer; `begun` is its first exchange where that is under way already."""

    client: UpstreamClient
    request: Admitted
    call: Call
    incoming: IncomingBody
    circuit: Circuit
    begun: Exchange | None = None

    async def answer(self, receive: Receive, send: Send) -> None:
        """Answer, in whatever way it ends."""
        request = self.request
        seen = {"upstream": request.upstream.name}
        try:
            await self._exchange(send)
        except CallerGone:
            log.info("caller_gone", extra=seen)
        except UpstreamBusy:
            log.warning("upstream_busy", extra=seen)
            await _refuse_for(UPSTREAM_BUSY, request, receive, send, retry_after=1)
        except (UpstreamUnreachable, UpstreamTimeout, UpstreamBroken) as error:
            if not isinstance(error, UpstreamBroken):
                self.circuit.failed()
            log.warning("upstream_failed", extra=seen | {"reason": type(error).__name__})
            late = isinstance(error, UpstreamTimeout)
            problem = UPSTREAM_TIMEOUT if late else UPSTREAM_UNREACHABLE
            await _refuse_for(problem, request, receive, send, retry_after=2)

    async def _exchange(self, send: Send) -> None:
        """Send; again where no connection could be made, or a kept one was closed just then, and it is safe."""
        call, caller = self.call, caller_of(self.request.scope)
        waits = iter(_AGAIN_AFTER_SECONDS if _may_be_sent_again(self.request, self.incoming) else ())
        exchange = self.begun or self.client.send(call, caller=caller)
        is_fresh = False
        while True:
            try:
                async with exchange as answer:
                    self.circuit.answered()
                    await _pass_back(self.request, answer, send)
                return
            except KeptConnectionClosed:
                if call.method not in _SAFE or is_fresh or not self.incoming.can_be_sent_again:
                    raise
                is_fresh = True
            except UpstreamUnreachable:
                wait = next(waits, None)
                if wait is None:
                    raise
                await asyncio.sleep(wait)
            exchange = self.client.send(call, caller=caller, is_fresh=is_fresh)


def _may_be_sent_again(request: Admitted, incoming: IncomingBody) -> bool:
    method = request.scope["method"]
    is_keyed = method == "POST" and b"idempotency-key" in request.headers
    return incoming.can_be_sent_again and (method in _IDEMPOTENT or is_keyed)


def _call(request: Admitted, incoming: IncomingBody) -> Call:
    """Put the request together as it goes out; raises UnreadableHeader."""
    scope = request.scope
    target, query = request.raw_path, scope["query_string"]
    if query:
        if query.translate(None, _QUERY_SAFE_BYTES):
            query = quote_from_bytes(query, safe=_QUERY_SAFE).encode("ascii")
        target = target + b"?" + query
    return Call(
        method=scope["method"],
        url=request.upstream.url,
        target=target,
        lines=headers_for_upstream(scope, request.context, incoming.length),
        body=incoming.body,
        is_chunked=incoming.is_chunked,
        seconds=limits_of(scope["path"]).answer_seconds,
    )


async def _pass_back(request: Admitted, answer: UpstreamConnection, send: Send) -> None:
    lines = headers_for_caller(answer.headers, request.upstream.origin)
    lines += request.own_lines
    try:
        if answer.is_small:
            await _pass_back_whole(request, answer, lines, send)
        else:
            await _pass_back_as_it_comes(answer, lines, send)
    except (UpstreamTimeout, UpstreamBroken) as error:
        # An answer that has begun and ends without its last piece makes the server cut the connection, so that
        # nobody takes half an answer for a whole one.
        log.warning("answer_cut", extra={"upstream": request.upstream.name, "reason": type(error).__name__})


async def _pass_back_whole(request: Admitted, answer: UpstreamConnection, lines: Lines, send: Send) -> None:
    """Pass a small answer on in one go, once it is whole."""
    scope, body = request.scope, b""
    head: Message = {"type": "http.response.start", "status": answer.status, "headers": lines}
    try:
        while not answer.is_whole:
            body += await answer.more()
    except (UpstreamTimeout, UpstreamBroken):
        await send(head)
        await send({"type": "http.response.body", "body": body, "more_body": True})
        raise
    body += answer.take()
    caller = caller_of(scope)
    if caller is not None and caller.is_ready and scope["method"] != "HEAD":
        caller.answer(answer.status, answer_headers(lines, request.context.request_id), body)
        scope[ANSWERED] = answer.status
    else:
        await send(head)
        await send({"type": "http.response.body", "body": body, "more_body": False})


async def _pass_back_as_it_comes(answer: UpstreamConnection, lines: Lines, send: Send) -> None:
    if is_event_stream(answer.headers):
        answer.wait_without_limit()
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})
    while not answer.is_whole:
        await send({"type": "http.response.body", "body": await answer.more(), "more_body": True})
    await send({"type": "http.response.body", "body": answer.take(), "more_body": False})


async def _refuse_for(
    problem: ProblemType, request: Admitted, receive: Receive, send: Send, *, retry_after: int
) -> None:
    await refuse(
        problem,
        request.scope,
        receive,
        send,
        headers={"Retry-After": str(retry_after)},
        values={"upstream": request.upstream.name},
        own_lines=request.own_lines,
    )
