"""Prometheus metrics that the API of every service exports; what its worker does is read from the database.

The rules that watch them are in `deploy/prometheus/alerts.yaml`.
"""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "tongban_http_requests", "HTTP requests answered", ["service", "route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "tongban_http_request_seconds",
    "Time from request to answer",
    ["service", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TOKENS_REFUSED = Counter("tongban_tokens_refused", "Access tokens refused, by reason", ["service", "reason"])
OUTBOX_UNSENT = Gauge(
    "tongban_outbox_unsent", "Outbox rows that the broker has not acknowledged", ["service"]
)
OUTBOX_OLDEST_SECONDS = Gauge(
    "tongban_outbox_oldest_seconds", "How long the oldest of them has waited", ["service"]
)
EVENTS_WAITING = Gauge(
    "tongban_events_waiting", "Events waiting for a predecessor or a retry", ["service", "durable"]
)
EVENTS_PARKED = Gauge("tongban_events_parked", "Events parked after repeated failure", ["service", "durable"])
READY = Gauge("tongban_ready", "1 while a part that readiness names is well", ["service", "part"])
WORKER_LEADING = Gauge(
    "tongban_worker_leading", "1 while a worker relays events and does what comes due", ["service"]
)
CLOCK_SKEW_SECONDS = Gauge(
    "tongban_clock_skew_seconds", "How far the API's clock is ahead of its database's", ["service"]
)
