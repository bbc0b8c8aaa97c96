"""Numbers that people quote (受理编号) for filings."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "CREATE SEQUENCE filing_serial MINVALUE 1 MAXVALUE 999999 CYCLE",
    "ALTER TABLE filing ADD COLUMN case_no text UNIQUE",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
