"""Progress: where every case stands, its history, and what is filed under an enterprise's code.

Read models in one partition per publisher: each is filled by that publisher's consumer alone, and emptied and rebuilt
by its replay without touching the others.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WITH_CASES = ("registration", "licensing", "hotline", "gateway")
_ALL = ("credit", *_WITH_CASES)


def _partitions(table: str, services: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"CREATE TABLE {table}_{service} PARTITION OF {table} FOR VALUES IN ('{service}')"
        for service in services
    )


_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE progress_case (
        service text NOT NULL,
        case_id text NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        own_state text NOT NULL,
        case_no text,
        about text,
        name text,
        name_en text,
        applicant text,
        uscc text,
        matter_id text,
        unit_uscc text,
        division_code text,
        due_at timestamptz,
        is_overdue boolean NOT NULL DEFAULT false,
        opened_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        ended_at timestamptz,
        version bigint NOT NULL,
        PRIMARY KEY (service, case_id)
    ) PARTITION BY LIST (service)
    """,
    *_partitions("progress_case", _WITH_CASES),
    "CREATE INDEX progress_case_applicant ON progress_case (applicant, opened_at DESC, case_id DESC)",
    "CREATE INDEX progress_case_case_no ON progress_case (case_no) WHERE case_no IS NOT NULL",
    "CREATE INDEX progress_case_id ON progress_case (case_id)",
    "CREATE INDEX progress_case_matter ON progress_case (matter_id) WHERE matter_id IS NOT NULL",
    "CREATE INDEX progress_case_uscc ON progress_case (uscc, opened_at DESC, case_id DESC)"
    " WHERE kind = 'application'",
    """
    CREATE TABLE progress_entry (
        service text NOT NULL,
        case_id text NOT NULL,
        event_id uuid NOT NULL,
        what text NOT NULL,
        at timestamptz NOT NULL,
        sequence bigint NOT NULL,
        unit_uscc text,
        note_zh text,
        note_en text,
        PRIMARY KEY (service, case_id, event_id)
    ) PARTITION BY LIST (service)
    """,
    *_partitions("progress_entry", _WITH_CASES),
    """
    CREATE TABLE progress_record (
        service text NOT NULL,
        event_id uuid NOT NULL,
        what text NOT NULL,
        at timestamptz NOT NULL,
        sequence bigint NOT NULL,
        type text NOT NULL,
        uscc text,
        stated text,
        key text NOT NULL,
        about text,
        case_id text,
        path text,
        details jsonb NOT NULL,
        PRIMARY KEY (service, event_id)
    ) PARTITION BY LIST (service)
    """,
    *_partitions("progress_record", _ALL),
    "CREATE INDEX progress_record_uscc ON progress_record (uscc, at DESC, event_id DESC)",
    "CREATE INDEX progress_record_exception ON progress_record (event_id) WHERE uscc IS NULL",
    "CREATE INDEX progress_record_case ON progress_record (case_id) WHERE case_id IS NOT NULL",
    # What a person decided, so no replay empties it.
    """
    CREATE TABLE progress_resolution (
        event_id uuid PRIMARY KEY,
        uscc text NOT NULL,
        reason text NOT NULL,
        resolved_by text NOT NULL,
        resolved_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX progress_resolution_uscc ON progress_resolution (uscc)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
