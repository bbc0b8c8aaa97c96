"""Prometheus metrics shared by every process."""

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
EVENTS_PUBLISHED = Counter("tongban_events_published", "Events acknowledged by the broker", ["service"])
EVENTS_APPLIED = Counter("tongban_events_applied", "Followed events applied", ["service", "durable"])
EVENTS_WAITING = Gauge(
    "tongban_events_waiting", "Events waiting for a predecessor or a retry", ["service", "durable"]
)
EVENTS_PARKED = Gauge("tongban_events_parked", "Events parked after repeated failure", ["service", "durable"])
WEBHOOK_ALARMS = Counter("tongban_webhook_alarms", "Alarms given for webhooks that were parked")
