"""The context of the work at hand: request id, W3C trace context and who asked, bound once and read anywhere."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_ZEROS = frozenset("0")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True)
class WorkContext:
    """What logs, events and outgoing calls of one request or one event carry along."""

    request_id: str
    trace_id: str
    span_id: str
    actor: str | None = None

    @property
    def traceparent(self) -> str:
        """W3C trace context header value, always sampled."""
        return f"00-{self.trace_id}-{self.span_id}-01"


_current: ContextVar[WorkContext | None] = ContextVar("tongban_work", default=None)


def trace_of(traceparent: str | None) -> str | None:
    """Return the trace id of a W3C header value; None where it is malformed, or an id is all zeros."""
    matched = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if matched is None or _ZEROS.issuperset(matched[1]) or _ZEROS.issuperset(matched[2]):
        return None
    return matched[1]


def new_context(*, request_id: str | None = None, traceparent: str | None = None) -> WorkContext:
    """Continue a valid incoming trace, or begin one; a malformed or all-zero header is ignored."""
    fresh = secrets.token_hex(36)  # asked for once: each call is a system call
    trace_id = trace_of(traceparent) or fresh[:32]
    if request_id is None or not _REQUEST_ID.fullmatch(request_id):
        request_id = fresh[32:56]
    return WorkContext(request_id=request_id, trace_id=trace_id, span_id=fresh[56:])


def current_context() -> WorkContext:
    """Return the bound context, or a fresh one where none is bound (a sweep, a test)."""
    return _current.get() or new_context()


@contextmanager
def bound(context: WorkContext) -> Iterator[WorkContext]:
    """Bind a context for the duration of a block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def bind_actor(actor: str) -> None:
    """Record who asks, once authenticated."""
    context = _current.get()
    if context is not None:
        _current.set(replace(context, actor=actor))
