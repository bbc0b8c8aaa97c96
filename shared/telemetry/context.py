"""The context of the work at hand: request id, W3C trace context and who asked, bound once and read anywhere."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


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


def new_context(*, request_id: str | None = None, traceparent: str | None = None) -> WorkContext:
    """Continue a valid incoming trace, or begin one; a malformed or all-zero header is ignored."""
    fresh = secrets.token_hex(36)  # asked for once: each call is a system call
    matched = _TRACEPARENT.match(traceparent) if traceparent else None
    trace_id = matched.group(1) if matched and set(matched.group(1)) != {"0"} else fresh[:32]
    if request_id is None or not _REQUEST_ID.match(request_id):
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
