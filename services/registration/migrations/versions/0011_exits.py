"""Notices, objections and liquidations of enterprises that leave."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # The notice of a simple deregistration, with its objections and commitments in the document.
    """
    CREATE TABLE exit_notice (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        kind text NOT NULL CHECK (kind IN ('public', 'told')),
        state text NOT NULL CHECK (state IN ('published', 'objected', 'elapsed', 'used', 'lapsed', 'withdrawn')),
        version integer NOT NULL CHECK (version > 0),
        filing_id uuid,
        published_at timestamptz NOT NULL,
        ends_on date NOT NULL,
        apply_until date NOT NULL CHECK (apply_until >= ends_on),
        is_provisional boolean NOT NULL,
        warned_at timestamptz,
        document jsonb NOT NULL,
        CHECK (kind = 'public' OR filing_id IS NOT NULL)
    )
    """,
    "CREATE UNIQUE INDEX exit_notice_running ON exit_notice (uscc) WHERE state IN ('published', 'elapsed')",
    "CREATE INDEX exit_notice_of_enterprise ON exit_notice (uscc, published_at DESC, id DESC)",
    "CREATE INDEX exit_notice_public ON exit_notice (published_at DESC, id DESC) WHERE kind = 'public'",
    "CREATE INDEX exit_notice_ends ON exit_notice (ends_on) WHERE state = 'published'",
    "CREATE INDEX exit_notice_lapses ON exit_notice (apply_until) WHERE state = 'elapsed'",
    """
    CREATE INDEX exit_notice_provisional ON exit_notice (published_at)
        WHERE is_provisional AND state IN ('published', 'elapsed')
    """,
    # Facts of other agencies against an exit, until they lift them.
    """
    CREATE TABLE exit_bar (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        kind text NOT NULL,
        agency_uscc text NOT NULL,
        reference text NOT NULL CHECK (reference <> ''),
        entered_at timestamptz NOT NULL,
        lifted_at timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX exit_bar_in_force ON exit_bar (uscc, kind, agency_uscc, reference) WHERE lifted_at IS NULL
    """,
    "CREATE INDEX exit_bar_of_enterprise ON exit_bar (uscc, entered_at DESC, id DESC)",
    # What the tax agency says of an enterprise that leaves; the latest counts.
    """
    CREATE TABLE tax_clearance (
        uscc text COLLATE "C" PRIMARY KEY REFERENCES enterprise,
        outcome text NOT NULL CHECK (outcome IN ('cleared', 'cleared_on_commitment')),
        agency_uscc text NOT NULL,
        reference text NOT NULL CHECK (reference <> ''),
        told_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE liquidation (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        state text NOT NULL CHECK (state IN ('open', 'creditors_notified', 'concluded', 'closed', 'abandoned')),
        version integer NOT NULL CHECK (version > 0),
        opened_at timestamptz NOT NULL,
        document jsonb NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX liquidation_unfinished ON liquidation (uscc)
        WHERE state IN ('open', 'creditors_notified', 'concluded')
    """,
    "CREATE INDEX liquidation_opened ON liquidation (opened_at DESC, id DESC)",
    "CREATE INDEX liquidation_of_enterprise ON liquidation (uscc, opened_at DESC, id DESC)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
