"""Questions of enforcement agencies whether an activity is within scope and permits, with their answers."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CHECKS = """
CREATE TABLE scope_check (
    id uuid PRIMARY KEY,
    uscc text NOT NULL,
    activity jsonb NOT NULL,
    case_number text NOT NULL,
    agency_uscc text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    checked_on date NOT NULL,
    result text NOT NULL CHECK (result IN ('within_scope', 'no_penalty', 'permit_missing', 'scope_to_be_altered',
        'not_in_business', 'undetermined')),
    findings jsonb NOT NULL,
    pack_version text NOT NULL
)
"""


def upgrade() -> None:
    op.execute(_CHECKS)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
