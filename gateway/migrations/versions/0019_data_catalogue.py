"""Resources and the versions of their entries, sharing requests, needs, corrections, and calls by day."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What a record says stands in `content`, whole; the columns beside it are what it is found by.
_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE catalogue_resource (
        key text PRIMARY KEY CHECK (length(key) BETWEEN 3 AND 99),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        tell_stale_at timestamptz,
        change_due_at timestamptz,
        content jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0)
    )
    """,
    """
    CREATE TABLE catalogue_entry (
        key text NOT NULL REFERENCES catalogue_resource,
        number integer NOT NULL CHECK (number > 0),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        status text NOT NULL CHECK (status IN ('draft', 'in_review', 'returned', 'published')),
        effective_on date,
        sharing_class text NOT NULL CHECK (sharing_class IN ('unconditional', 'conditional', 'none')),
        is_open boolean NOT NULL,
        title_zh text NOT NULL,
        review_due_at timestamptz,
        content jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        PRIMARY KEY (key, number),
        CHECK ((status = 'published') = (effective_on IS NOT NULL))
    )
    """,
    # Of an entry one new version is worked on at a time.
    "CREATE UNIQUE INDEX catalogue_entry_in_work ON catalogue_entry (key) WHERE status <> 'published'",
    "CREATE INDEX catalogue_entry_in_force ON catalogue_entry (key, effective_on DESC, number DESC)"
    " WHERE status = 'published'",
    # One datum has one collecting department.
    """
    CREATE TABLE catalogue_datum (
        datum text PRIMARY KEY CHECK (length(datum) BETWEEN 3 AND 200),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        title_zh text NOT NULL,
        resource text NOT NULL REFERENCES catalogue_resource
    )
    """,
    "CREATE INDEX catalogue_datum_title ON catalogue_datum (title_zh)",
    """
    CREATE TABLE catalogue_request (
        request_id uuid PRIMARY KEY,
        requester_uscc text NOT NULL CHECK (length(requester_uscc) = 18),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        resource text NOT NULL REFERENCES catalogue_resource,
        status text NOT NULL,
        submitted_at timestamptz NOT NULL,
        answered_at timestamptz,
        answer_days numeric(9, 2),
        is_late boolean,
        due_at timestamptz,
        warned_at timestamptz,
        overdue_at timestamptz,
        content jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((answered_at IS NULL) = (is_late IS NULL)),
        CHECK (requester_uscc <> owner_uscc)
    )
    """,
    "CREATE INDEX catalogue_request_requester ON catalogue_request (requester_uscc, request_id)",
    "CREATE INDEX catalogue_request_owner ON catalogue_request (owner_uscc, request_id)",
    "CREATE INDEX catalogue_request_due ON catalogue_request (due_at) WHERE due_at IS NOT NULL",
    "CREATE SEQUENCE catalogue_responsibility_list",
    """
    CREATE TABLE catalogue_need (
        need_id uuid PRIMARY KEY,
        requester_uscc text NOT NULL CHECK (length(requester_uscc) = 18),
        provider_uscc text CHECK (length(provider_uscc) = 18),
        resource text,
        status text NOT NULL CHECK (status IN ('submitted', 'declined', 'assigned', 'fulfilled')),
        due_on date,
        overdue_told_at timestamptz,
        content jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        CHECK (status NOT IN ('assigned', 'fulfilled') OR (provider_uscc IS NOT NULL AND due_on IS NOT NULL))
    )
    """,
    "CREATE INDEX catalogue_need_resource ON catalogue_need (resource) WHERE status = 'assigned'",
    "CREATE INDEX catalogue_need_due ON catalogue_need (due_on) WHERE status = 'assigned'",
    """
    CREATE TABLE catalogue_correction (
        correction_id uuid PRIMARY KEY,
        resource text NOT NULL REFERENCES catalogue_resource,
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        reporter text NOT NULL,
        reporter_agency_uscc text,
        status text NOT NULL CHECK (status IN ('open', 'corrected', 'confirmed', 'rejected')),
        submitted_at timestamptz NOT NULL,
        answered_at timestamptz,
        due_at timestamptz NOT NULL,
        overdue_at timestamptz,
        claimed bytea NOT NULL,
        content jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((status = 'open') = (answered_at IS NULL))
    )
    """,
    "CREATE INDEX catalogue_correction_owner ON catalogue_correction (owner_uscc, correction_id)",
    "CREATE INDEX catalogue_correction_reporter ON catalogue_correction (reporter, correction_id)",
    "CREATE INDEX catalogue_correction_due ON catalogue_correction (due_at) WHERE status = 'open'",
    """
    CREATE TABLE catalogue_call (
        on_day date NOT NULL,
        resource text NOT NULL,
        consumer_uscc text NOT NULL,
        calls bigint NOT NULL CHECK (calls >= 0),
        allowed bigint NOT NULL CHECK (allowed BETWEEN 0 AND calls),
        PRIMARY KEY (on_day, resource, consumer_uscc)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
