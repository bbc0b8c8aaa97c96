"""Permits end with their holder; the permits of an enterprise are found by its code."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE enterprise ADD COLUMN forced_exit_on date",
    "ALTER TABLE permit ADD COLUMN ended_on date",
    "CREATE INDEX permit_in_force ON permit (uscc) WHERE certificate_state = '01'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
