"""Suspensions, revocations, forced deregistration."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE suspension (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        filing_id uuid NOT NULL,
        cause text NOT NULL CHECK (cause IN ('natural_disaster', 'accident', 'public_health',
            'public_security', 'other')),
        begins_on date NOT NULL,
        until_on date NOT NULL,
        state text NOT NULL CHECK (state IN ('planned', 'running', 'ended')),
        ended_on date,
        "end" text CHECK ("end" IN ('resumed', 'business_done', 'expired', 'abandoned')),
        papers_to text,
        CHECK (begins_on <= until_on),
        CHECK ((state = 'ended') = (ended_on IS NOT NULL)),
        CHECK ((ended_on IS NULL) = ("end" IS NULL))
    )
    """,
    "CREATE INDEX suspension_of_enterprise ON suspension (uscc, begins_on DESC)",
    "CREATE UNIQUE INDEX suspension_one_at_a_time ON suspension (uscc) WHERE state <> 'ended'",
    "CREATE INDEX suspension_to_begin ON suspension (begins_on, uscc) WHERE state = 'planned'",
    "CREATE INDEX suspension_to_expire ON suspension (until_on, uscc) WHERE state = 'running'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
