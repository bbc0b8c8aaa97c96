"""Counters that the probe keeps, and effects of what it follows."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE counter (name text PRIMARY KEY, value bigint NOT NULL, version bigint NOT NULL)")
    op.execute(
        "CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " subject text NOT NULL, sequence bigint NOT NULL, event_id text NOT NULL)"
    )
    op.execute(
        "CREATE TABLE echo (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " subject text NOT NULL, sequence bigint NOT NULL, event_id text NOT NULL)"
    )


def downgrade() -> None:
    raise NotImplementedError
