"""Events of systems outside the suite."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE integration_event (
        received_id uuid PRIMARY KEY,
        system text NOT NULL CHECK (system <> ''),
        event_id text NOT NULL CHECK (event_id <> ''),
        source text NOT NULL,
        type text NOT NULL,
        subject text NOT NULL,
        data jsonb NOT NULL,
        digest text NOT NULL CHECK (length(digest) = 64),
        origin_region text,
        came_by text NOT NULL CHECK (came_by IN ('api', 'dedicated_network')),
        sent_by text NOT NULL,
        occurred_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        UNIQUE (system, event_id)
    )
    """,
    """
    CREATE INDEX integration_event_origin ON integration_event (origin_region, received_id)
        WHERE origin_region IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
