"""Suspensions, revocations, forced deregistration."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE suspension (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        filing_id uuid NOT NULL,
        cause text NOT NULL CHECK (cause IN ('natural_disaster', 'accident', 'public_health',
            'public_security', 'other')),
        begins_on date NOT NULL,
        until_on date NOT NULL,
        state text NOT NULL CHECK (state IN ('planned', 'running', 'ended')),
        ended_on date,
        "end" text CHECK ("end" IN ('resumed', 'business_done', 'expired', 'abandoned')),
        papers_to text,
        CHECK (begins_on <= until_on),
        CHECK ((state = 'ended') = (ended_on IS NOT NULL)),
        CHECK ((ended_on IS NULL) = ("end" IS NULL))
    )
    """,
    "CREATE INDEX suspension_of_enterprise ON suspension (uscc, begins_on DESC)",
    "CREATE UNIQUE INDEX suspension_one_at_a_time ON suspension (uscc) WHERE state <> 'ended'",
    "CREATE INDEX suspension_to_begin ON suspension (begins_on, uscc) WHERE state = 'planned'",
    "CREATE INDEX suspension_to_expire ON suspension (until_on, uscc) WHERE state = 'running'",
    """
    CREATE TABLE closure (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        act text NOT NULL CHECK (act IN ('licence_revoked', 'closed_by_order', 'registration_revoked',
            'forcibly_deregistered')),
        decision_no text NOT NULL,
        decided_on date NOT NULL,
        decided_by text NOT NULL,
        basis text NOT NULL,
        version integer NOT NULL,
        bars uuid[] NOT NULL,
        entered_by text NOT NULL,
        entered_at timestamptz NOT NULL,
        restored_at timestamptz,
        UNIQUE (uscc, version)
    )
    """,
    """
    CREATE TABLE forced_exit (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        state text NOT NULL CHECK (state IN ('due', 'noticed', 'objected', 'elapsed', 'terminated',
            'deregistered', 'restored')),
        version integer NOT NULL CHECK (version > 0),
        opened_at timestamptz NOT NULL,
        ends_on date,
        is_provisional boolean NOT NULL,
        document jsonb NOT NULL,
        CHECK (ends_on IS NOT NULL OR state IN ('due', 'terminated'))
    )
    """,
    """
    CREATE UNIQUE INDEX forced_exit_one_at_a_time ON forced_exit (uscc)
        WHERE state IN ('due', 'noticed', 'objected', 'elapsed')
    """,
    "CREATE INDEX forced_exit_of_enterprise ON forced_exit (uscc, opened_at DESC)",
    "CREATE INDEX forced_exit_by_time ON forced_exit (opened_at DESC, id DESC)",
    "CREATE INDEX forced_exit_to_end ON forced_exit (ends_on) WHERE state = 'noticed'",
    """
    CREATE INDEX enterprise_awaiting_exit ON enterprise (changed_at, uscc)
        WHERE state IN ('revoked', 'closed', 'annulled')
    """,
    """
    CREATE TABLE false_registration (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        target_version integer NOT NULL CHECK (target_version > 0),
        applicant text,
        status text NOT NULL CHECK (status IN ('submitted', 'rejected', 'withdrawn', 'investigating', 'published',
            'unopposed', 'kept', 'revoked', 'set_aside')),
        version integer NOT NULL CHECK (version > 0),
        submitted_at timestamptz NOT NULL,
        due_at timestamptz,
        is_provisional boolean NOT NULL,
        is_overdue_told boolean NOT NULL,
        ends_on date,
        document jsonb NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX false_registration_once ON false_registration (uscc, target_version)
        WHERE status IN ('submitted', 'investigating', 'published', 'unopposed')
    """,
    "CREATE INDEX false_registration_of_enterprise ON false_registration (uscc, submitted_at DESC)",
    "CREATE INDEX false_registration_of_applicant ON false_registration (applicant, submitted_at DESC)",
    "CREATE INDEX false_registration_due ON false_registration (due_at, id) WHERE due_at IS NOT NULL",
    "CREATE INDEX false_registration_to_elapse ON false_registration (ends_on) WHERE status = 'published'",
    """
    CREATE TABLE court_ruling (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        kind text NOT NULL CHECK (kind IN ('bankruptcy_accepted', 'bankruptcy_declared', 'reorganisation_ordered',
            'reorganisation_ended', 'bankruptcy_ended', 'liquidation_accepted', 'liquidation_ended', 'dismissed')),
        number text NOT NULL,
        ruled_on date NOT NULL,
        court_uscc text NOT NULL,
        court_name text NOT NULL,
        administrator text,
        proceedings text NOT NULL CHECK (proceedings IN ('none', 'bankruptcy', 'reorganisation', 'bankrupt',
            'liquidation', 'ended')),
        entered_at timestamptz NOT NULL,
        UNIQUE (court_uscc, number, uscc)
    )
    """,
    "CREATE INDEX court_ruling_of_enterprise ON court_ruling (uscc, entered_at DESC, id DESC)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
