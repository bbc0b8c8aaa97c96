"""Matters, steps and department tasks."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MATTER = """
CREATE TABLE matter (
    matter_id uuid PRIMARY KEY,
    theme text NOT NULL,
    title jsonb NOT NULL,
    applicant text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('portal', 'app', 'hall', 'kiosk')),
    state text NOT NULL CHECK (state IN ('in_progress', 'returned', 'completed', 'withdrawn')),
    version bigint NOT NULL CHECK (version > 0),
    form jsonb NOT NULL,
    commitments jsonb NOT NULL,
    findings jsonb NOT NULL,
    time_limit jsonb NOT NULL,
    clock jsonb NOT NULL,
    office jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    due_at timestamptz,
    overdue_at timestamptz,
    ended_at timestamptz,
    uscc text,
    established_on date,
    CHECK ((ended_at IS NULL) = (state IN ('in_progress', 'returned'))),
    CHECK (state <> 'returned' OR jsonb_array_length(findings) > 0),
    CHECK ((uscc IS NULL) = (established_on IS NULL))
)
"""
_STEP = """
CREATE TABLE matter_step (
    matter_id uuid NOT NULL REFERENCES matter,
    key text NOT NULL,
    place integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('filing', 'permit_application')),
    title jsonb NOT NULL,
    agency_uscc text NOT NULL,
    time_limit jsonb NOT NULL,
    after text,
    state text NOT NULL CHECK (state IN ('waiting', 'ready', 'submitted', 'returned', 'refused', 'completed',
        'withdrawing', 'withdrawn')),
    request jsonb NOT NULL,
    places jsonb NOT NULL,
    ready_at timestamptz,
    attempt integer NOT NULL CHECK (attempt > 0),
    tries integer NOT NULL CHECK (tries >= 0),
    not_before timestamptz,
    last_fault text,
    reference text,
    result jsonb NOT NULL,
    clock jsonb,
    due_at timestamptz,
    PRIMARY KEY (matter_id, key),
    CHECK (state NOT IN ('ready', 'withdrawing') OR not_before IS NOT NULL),
    CHECK (state <> 'completed' OR reference IS NOT NULL)
)
"""
_TASK = """
CREATE TABLE matter_task (
    task_id uuid PRIMARY KEY,
    matter_id uuid NOT NULL REFERENCES matter,
    kind text NOT NULL,
    place integer NOT NULL,
    title jsonb NOT NULL,
    agency_uscc text NOT NULL,
    time_limit jsonb NOT NULL,
    after text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('waiting', 'assigned', 'taken', 'returned', 'completed', 'cancelled')),
    receives jsonb NOT NULL,
    fee_fen bigint NOT NULL CHECK (fee_fen >= 0),
    free jsonb NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    clock jsonb,
    due_at timestamptz,
    overdue_at timestamptz,
    taken_at timestamptz,
    ended_at timestamptz,
    result jsonb NOT NULL,
    return_reason text,
    UNIQUE (matter_id, kind),
    CHECK ((ended_at IS NOT NULL) = (state = 'completed')),
    CHECK (state <> 'returned' OR return_reason IS NOT NULL)
)
"""
_HISTORY = """
CREATE TABLE matter_history (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    matter_id uuid NOT NULL REFERENCES matter,
    at timestamptz NOT NULL,
    verb text NOT NULL,
    step text,
    task_kind text
)
"""
_INDEXES = (
    "CREATE INDEX matter_by_applicant ON matter (applicant, matter_id DESC)",
    "CREATE INDEX matter_due ON matter (due_at) WHERE state = 'in_progress' AND overdue_at IS NULL",
    "CREATE INDEX matter_step_due ON matter_step (not_before) WHERE state IN ('ready', 'withdrawing')",
    "CREATE INDEX matter_task_by_agency ON matter_task (agency_uscc, task_id) WHERE state <> 'waiting'",
    "CREATE INDEX matter_task_due ON matter_task (due_at)"
    " WHERE state IN ('assigned', 'taken') AND overdue_at IS NULL",
    "CREATE INDEX matter_history_by_matter ON matter_history (matter_id, position)",
)


def upgrade() -> None:
    for statement in (_MATTER, _STEP, _TASK, _HISTORY, *_INDEXES):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
