"""Acknowledgements: what each department that must follow the register has taken, and what is late."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ACKNOWLEDGEMENT = """
CREATE TABLE subscription_acknowledgement (
    agency_uscc text NOT NULL CHECK (length(agency_uscc) = 18),
    position bigint NOT NULL REFERENCES subscription_event ON DELETE CASCADE,
    due_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    way text CHECK (way IN ('webhook', 'event_stream', 'file', 'nats', 'stated')),
    told_at timestamptz,
    PRIMARY KEY (agency_uscc, position),
    CHECK ((acknowledged_at IS NULL) = (way IS NULL))
)
"""
_STATEMENTS: tuple[str, ...] = (
    _ACKNOWLEDGEMENT,
    # An event that the log forgets takes its records along.
    "CREATE INDEX subscription_acknowledgement_position ON subscription_acknowledgement (position)",
    """
    CREATE INDEX subscription_acknowledgement_open ON subscription_acknowledgement (agency_uscc, position)
        WHERE acknowledged_at IS NULL
    """,
    """
    CREATE INDEX subscription_acknowledgement_late ON subscription_acknowledgement (due_at)
        WHERE acknowledged_at IS NULL AND told_at IS NULL
    """,
    """
    CREATE TABLE subscription_acknowledgement_mark (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        position bigint NOT NULL CHECK (position >= 0)
    )
    """,
    # The duty begins with what comes next: nobody is late with what came before it.
    """
    INSERT INTO subscription_acknowledgement_mark (position)
    SELECT coalesce(max(position), 0) FROM subscription_event
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
