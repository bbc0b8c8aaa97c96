"""Numbers that people quote (受理编号) for applications."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "CREATE SEQUENCE application_serial MINVALUE 1 MAXVALUE 999999 CYCLE",
    "ALTER TABLE application ADD COLUMN case_no text UNIQUE",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
