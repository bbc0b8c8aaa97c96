"""Until when a file is kept for a draft that refers to it."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE material ADD COLUMN kept_until timestamptz")


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
