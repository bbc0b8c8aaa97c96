"""Themes around the register: which filing, what it changed, who is not concerned, who filed it, what is handed out."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_MATTER = """
ALTER TABLE matter
    ADD COLUMN changes jsonb,
    ADD COLUMN merged_filings jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN agent jsonb,
    ADD COLUMN unsettled jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN handed_out_at timestamptz
"""
_STEP = """
ALTER TABLE matter_step
    DROP CONSTRAINT matter_step_kind_check,
    ADD CONSTRAINT matter_step_kind_check CHECK (kind IN ('filing', 'permit_application', 'exit_notice')),
    ADD COLUMN filing_kind text CHECK (filing_kind IN ('establishment', 'alteration', 'relocation',
        'simple_deregistration', 'deregistration'))
"""
# Every filing until now was an establishment.
_ESTABLISHMENTS = "UPDATE matter_step SET filing_kind = 'establishment' WHERE kind = 'filing'"
_TASK = """
ALTER TABLE matter_task
    DROP CONSTRAINT matter_task_state_check,
    ADD CONSTRAINT matter_task_state_check CHECK (state IN ('waiting', 'awaiting_payment', 'assigned', 'taken',
        'returned', 'refused', 'waived', 'completed', 'cancelled', 'not_concerned')),
    ADD COLUMN told_of jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN outcomes jsonb NOT NULL DEFAULT '[]'
"""
_STATEMENTS: tuple[str, ...] = (_MATTER, _STEP, _ESTABLISHMENTS, _TASK)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
