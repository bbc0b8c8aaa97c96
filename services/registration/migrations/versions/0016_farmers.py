"""Farmers among the members of cooperatives (农民成员)."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE enterprise_person ADD COLUMN is_farmer boolean NOT NULL DEFAULT false",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
