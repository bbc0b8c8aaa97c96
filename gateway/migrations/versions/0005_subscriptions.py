"""Subscriptions, and the log of the events that agencies may follow."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


_STATEMENTS = (
    """
    CREATE TABLE subscription (
        subscription_id uuid PRIMARY KEY,
        agency_uscc text NOT NULL CHECK (length(agency_uscc) = 18),
        event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
        status text NOT NULL CHECK (status IN ('active', 'ended')),
        opened_by text NOT NULL,
        opened_at timestamptz NOT NULL,
        ended_at timestamptz,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((status = 'ended') = (ended_at IS NOT NULL))
    )
    """,
    """
    CREATE INDEX subscription_agency ON subscription (agency_uscc, subscription_id)
    """,
    """
    CREATE TABLE subscription_event (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        type text NOT NULL,
        audience_uscc text,
        event json NOT NULL
    )
    """,
    """
    CREATE INDEX subscription_event_type ON subscription_event (type, event_id)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
