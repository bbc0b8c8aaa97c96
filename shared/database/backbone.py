"""Tables that every service has: outbox, inbox, idempotency keys. Called by each service's first migration.

Later changes come as further functions (`backbone_v2`), never as an edit: a released migration stays as it was.
"""

from alembic import op

_V1 = """
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    type text NOT NULL,
    aggregate text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    nats_subject text NOT NULL,
    event json NOT NULL,
    recorded_at timestamptz NOT NULL,
    stream_sequence bigint,
    UNIQUE (aggregate, subject, sequence)
);
CREATE INDEX outbox_unsent ON outbox (position) WHERE stream_sequence IS NULL;
CREATE INDEX outbox_stream_sequence ON outbox (stream_sequence);

CREATE TABLE outbox_sequence (
    aggregate text NOT NULL,
    subject text NOT NULL,
    last bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (aggregate, subject)
);

CREATE TABLE relay_stream (stream text PRIMARY KEY, created_at timestamptz NOT NULL);

CREATE TABLE inbox (
    durable text NOT NULL,
    event_id text NOT NULL,
    source text NOT NULL,
    aggregate text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    event json,
    state text NOT NULL CHECK (state IN ('waiting', 'applied', 'parked', 'set_aside')),
    attempts integer NOT NULL DEFAULT 0,
    reason text,
    next_attempt_at timestamptz,
    received_at timestamptz NOT NULL,
    applied_at timestamptz,
    PRIMARY KEY (durable, event_id)
);
CREATE INDEX inbox_open ON inbox (durable, source, aggregate, subject, sequence)
    WHERE state IN ('waiting', 'parked');

CREATE TABLE inbox_cursor (
    durable text NOT NULL,
    source text NOT NULL,
    aggregate text NOT NULL,
    subject text NOT NULL,
    applied bigint NOT NULL,
    PRIMARY KEY (durable, source, aggregate, subject)
);

CREATE TABLE idempotency_key (
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_stored_at ON idempotency_key (stored_at);
"""

_PURGED_V1 = """
CREATE TABLE purged_record (
    record text NOT NULL,
    reference text NOT NULL,
    kept_years integer NOT NULL CHECK (kept_years > 0),
    purged_at timestamptz NOT NULL,
    PRIMARY KEY (record, reference)
)
"""


def backbone_v1() -> None:
    """Create the backbone tables."""
    for statement in _V1.split(";\n"):
        if statement.strip():
            op.execute(statement)


def purged_record_v1() -> None:
    """Create the table of what was purged when its time of retention was over."""
    op.execute(_PURGED_V1)
