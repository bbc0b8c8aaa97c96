"""Matters: parts that wait for one another, fees, refusals, alarms, case numbers, drafts, places, enterprises."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from shared.calendar import local_date
from shared.identifiers import CaseNumberParts, compose_case_number

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NO_ALARMS = """'{"warning_percent": 80, "escalations": []}'"""
_MATTER = f"""
ALTER TABLE matter
    DROP CONSTRAINT matter_state_check,
    DROP CONSTRAINT matter_check,
    DROP CONSTRAINT matter_check2,
    ADD CONSTRAINT matter_state_check CHECK (state IN ('in_progress', 'returned', 'awaiting_choice', 'completed',
        'partly_completed', 'withdrawn')),
    ADD CONSTRAINT matter_ended_check
        CHECK ((ended_at IS NULL) = (state IN ('in_progress', 'returned', 'awaiting_choice'))),
    ADD COLUMN case_no text,
    ADD COLUMN subject text NOT NULL DEFAULT 'enterprise' CHECK (subject IN ('person', 'enterprise', 'project')),
    ADD COLUMN lead_agency_uscc text NOT NULL DEFAULT '',
    ADD COLUMN alarms jsonb NOT NULL DEFAULT {_NO_ALARMS},
    ADD COLUMN told integer NOT NULL DEFAULT 0 CHECK (told >= 0),
    ADD COLUMN alarm_at timestamptz,
    ADD COLUMN cross_region text
        CHECK (cross_region IN ('full_online', 'collect_and_forward', 'multi_site')),
    ADD COLUMN accepted_region text,
    ADD COLUMN accepted_agency_uscc text,
    ADD COLUMN is_handed_over boolean NOT NULL DEFAULT false,
    ADD COLUMN items jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN known jsonb NOT NULL DEFAULT '{{}}'
"""
_STEP = """
ALTER TABLE matter_step
    DROP CONSTRAINT matter_step_state_check,
    ADD CONSTRAINT matter_step_state_check CHECK (state IN ('waiting', 'awaiting_payment', 'ready', 'submitted',
        'returned', 'refused', 'waived', 'completed', 'withdrawing', 'withdrawn')),
    ADD COLUMN waits_for jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN fee_fen bigint NOT NULL DEFAULT 0 CHECK (fee_fen >= 0),
    ADD COLUMN fee_basis text,
    ADD COLUMN is_optional boolean NOT NULL DEFAULT false,
    ADD COLUMN told integer NOT NULL DEFAULT 0 CHECK (told >= 0),
    ADD COLUMN alarm_at timestamptz,
    ADD COLUMN refusal jsonb NOT NULL DEFAULT '[]'
"""
_TASK = """
ALTER TABLE matter_task
    DROP CONSTRAINT matter_task_state_check,
    ADD CONSTRAINT matter_task_state_check CHECK (state IN ('waiting', 'awaiting_payment', 'assigned', 'taken',
        'returned', 'refused', 'waived', 'completed', 'cancelled')),
    ADD COLUMN waits_for jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN fee_basis text,
    ADD COLUMN is_optional boolean NOT NULL DEFAULT false,
    ADD COLUMN told integer NOT NULL DEFAULT 0 CHECK (told >= 0),
    ADD COLUMN alarm_at timestamptz,
    ADD COLUMN refusal jsonb,
    ADD CONSTRAINT matter_task_refusal_check CHECK (state <> 'refused' OR refusal IS NOT NULL)
"""
# What was opened before had one thing to wait for; it stays in its old column until a later release drops that.
_WAITS = tuple(
    f"UPDATE {table} SET waits_for = jsonb_build_array(after) WHERE after IS NOT NULL"  # noqa: S608 - names of ours
    for table in ("matter_step", "matter_task")
)
_HISTORY = """
ALTER TABLE matter_history
    ADD COLUMN channel text,
    ADD COLUMN details jsonb NOT NULL DEFAULT '{}'
"""
_DRAFT = """
CREATE TABLE matter_draft (
    draft_id uuid PRIMARY KEY,
    owner text NOT NULL,
    theme text NOT NULL,
    content jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    channel text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
)
"""
_ENTERPRISE = """
CREATE TABLE matter_enterprise (
    uscc text PRIMARY KEY,
    facts jsonb,
    division_code text,
    scope_codes jsonb NOT NULL DEFAULT '[]',
    state text,
    established_on date,
    holder text
)
"""

_INDEXES = (
    "CREATE UNIQUE INDEX matter_case_no ON matter (case_no)",
    "CREATE INDEX matter_by_uscc ON matter (uscc) WHERE uscc IS NOT NULL",
    "CREATE INDEX matter_handed_over ON matter (opened_at) WHERE is_handed_over",
    *(
        f"CREATE INDEX {table}_alarm ON {table} (alarm_at) WHERE alarm_at IS NOT NULL"
        for table in ("matter", "matter_step", "matter_task")
    ),
    "CREATE INDEX matter_late ON matter (due_at, matter_id) WHERE told >= 2 AND state = 'in_progress'",
    "CREATE INDEX matter_step_late ON matter_step (due_at, matter_id)"
    " WHERE told >= 2 AND state IN ('ready', 'submitted')",
    "CREATE INDEX matter_task_late ON matter_task (due_at, matter_id)"
    " WHERE told >= 2 AND state IN ('assigned', 'taken')",
    "CREATE INDEX matter_draft_by_owner ON matter_draft (owner, draft_id DESC)",
    "CREATE INDEX matter_draft_by_end ON matter_draft (expires_at)",
)
_SERIAL = "CREATE SEQUENCE matter_serial MINVALUE 1 MAXVALUE 999999 CYCLE"
_STATEMENTS: tuple[str, ...] = (
    _MATTER,
    _STEP,
    _TASK,
    "ALTER TABLE matter_task ALTER COLUMN after DROP NOT NULL",
    *_WAITS,
    _HISTORY,
    _DRAFT,
    _ENTERPRISE,
    _SERIAL,
    *_INDEXES,
)
_UNNUMBERED = sa.text("SELECT matter_id, opened_at, nextval('matter_serial') AS serial FROM matter")
_NUMBER = sa.text("UPDATE matter SET case_no = :case_no WHERE matter_id = :matter_id")
_REGION = sa.text("SELECT min(division_code) FROM matter")


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    _number_what_is_there()
    op.execute("ALTER TABLE matter ALTER COLUMN case_no SET NOT NULL")


def _number_what_is_there() -> None:
    connection = op.get_bind()
    region = str(connection.execute(_REGION).scalar() or "000000")[:6]
    for matter_id, opened_at, serial in connection.execute(_UNNUMBERED).all():
        opened: datetime = opened_at.astimezone(UTC)
        case_no = compose_case_number(CaseNumberParts("YJS", region, local_date(opened), serial))
        connection.execute(_NUMBER, {"matter_id": matter_id, "case_no": case_no})


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
