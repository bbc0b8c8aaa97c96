"""Each consent to a client has a name of its own: one given anew is another."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE identity_consent ADD COLUMN consent_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid()",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
