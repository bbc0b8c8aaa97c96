"""Log lines of work on many events at once: one for each trace among them, so that logs are joined by `trace_id`."""

import logging
from collections import Counter
from collections.abc import Iterable

from shared.telemetry.context import bound, current_context, trace_of


def log_by_trace(
    log: logging.Logger, told: str, traceparents: Iterable[str | None], **fields: object
) -> None:
    """Write how many events of each trace something was done with."""
    counts = Counter(trace_of(each) for each in traceparents)
    with bound(current_context()):  # ids for all lines, made once where none are bound
        for trace_id, events in counts.items():
            log.info(told, extra={"trace_id": trace_id, "events": events, **fields})
