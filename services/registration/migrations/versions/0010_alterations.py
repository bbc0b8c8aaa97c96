"""Alterations, records, relocations."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE filing ADD COLUMN reason_code text",
    # An enterprise on its way between this registrar and another; the file is kept as it was signed.
    """
    CREATE TABLE hand_over (
        id uuid PRIMARY KEY,
        direction text NOT NULL CHECK (direction IN ('in', 'out')),
        status text NOT NULL CHECK (status IN
            ('requested', 'handed_over', 'completed', 'refused', 'withdrawn', 'taken_back')),
        version integer NOT NULL CHECK (version > 0),
        uscc text COLLATE "C" NOT NULL,
        name text NOT NULL,
        other_registrar text COLLATE "C" NOT NULL,
        division_code text COLLATE "C" NOT NULL,
        address text NOT NULL,
        filing_id uuid,
        reference text,
        open_matters jsonb NOT NULL,
        clock jsonb NOT NULL,
        due_at timestamptz,
        due_is_provisional boolean NOT NULL DEFAULT false,
        overdue_told_at timestamptz,
        looked_at timestamptz,
        requested_at timestamptz NOT NULL,
        handed_over_at timestamptz,
        left_as text,
        paper_files_due_on date,
        paper_files_moved_on date,
        refusal_code text,
        refusal_zh text,
        refusal_en text,
        dossier text,
        CHECK ((direction = 'in') = (filing_id IS NOT NULL)),
        CHECK ((direction = 'out') = (reference IS NOT NULL)),
        CHECK ((status = 'refused') = (refusal_code IS NOT NULL)),
        CHECK (status NOT IN ('handed_over', 'completed', 'taken_back')
            OR (handed_over_at IS NOT NULL AND dossier IS NOT NULL)),
        CHECK ((status = 'completed') = (paper_files_moved_on IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX hand_over_running ON hand_over (uscc, direction) WHERE status = 'requested'",
    "CREATE UNIQUE INDEX hand_over_reference ON hand_over (other_registrar, reference) WHERE direction = 'out'",
    "CREATE INDEX hand_over_of_filing ON hand_over (filing_id) WHERE filing_id IS NOT NULL",
    "CREATE INDEX hand_over_page ON hand_over (requested_at DESC, id DESC)",
    "CREATE INDEX hand_over_with ON hand_over (other_registrar, requested_at DESC, id DESC)",
    "CREATE INDEX hand_over_due ON hand_over (due_at) WHERE status = 'requested' AND overdue_told_at IS NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
