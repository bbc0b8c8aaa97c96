"""Who may act for an enterprise: the applicant of its establishment, by registration's filing events."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # Null for an import. Enterprises that were known before have it null until a replay: that only decides whether
    # somebody who is not their holder is told to come again or that there is nothing here.
    "ALTER TABLE enterprise ADD COLUMN filing_id text",
    """
    CREATE TABLE enterprise_holder (
        filing_id text PRIMARY KEY,
        applicant text NOT NULL,
        uscc text UNIQUE
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
