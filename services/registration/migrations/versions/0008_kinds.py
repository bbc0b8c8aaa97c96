"""What kinds of enterprise register beside the common items; bars on persons; what is looked at later; appeals."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE enterprise
        ADD COLUMN variant text,
        ADD COLUMN term_until date,
        ADD COLUMN further_addresses jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN service_address jsonb,
        ADD COLUMN articles jsonb,
        ADD COLUMN parent_uscc text COLLATE "C",
        ADD COLUMN parent_name text,
        ADD COLUMN is_foreign_invested boolean NOT NULL DEFAULT false,
        ADD CHECK ((parent_uscc IS NULL) = (parent_name IS NULL))
    """,
    "CREATE INDEX enterprise_of_parent ON enterprise (parent_uscc, uscc) WHERE parent_uscc IS NOT NULL",
    "CREATE INDEX enterprise_at_address ON enterprise (domicile_division_code, md5(domicile_text), state)",
    """
    ALTER TABLE enterprise_person
        ADD COLUMN party text NOT NULL DEFAULT 'citizen'
            CHECK (party IN ('citizen', 'foreign_person', 'organisation', 'foreign_organisation')),
        ADD COLUMN paid_fen bigint CHECK (paid_fen >= 0),
        ADD COLUMN contribution_forms text[] NOT NULL DEFAULT '{}',
        ADD COLUMN contribute_by date,
        ADD COLUMN residence text,
        ADD COLUMN resides_in_china boolean NOT NULL DEFAULT true,
        ADD COLUMN represents text,
        ADD COLUMN sign_mode text NOT NULL DEFAULT 'online' CHECK (sign_mode IN ('online', 'offline'))
    """,
    """
    CREATE TABLE person_bar (
        id uuid PRIMARY KEY,
        person_reference text COLLATE "C" NOT NULL,
        kind text NOT NULL CHECK (kind IN ('incapacity', 'crime', 'bankruptcy', 'revoked_or_closed', 'debt',
            'false_registration', 'other')),
        basis text NOT NULL CHECK (basis <> ''),
        decided_by text NOT NULL,
        document_no text,
        since date NOT NULL,
        until date CHECK (until >= since),
        uscc text COLLATE "C",
        entered_by text NOT NULL,
        entered_at timestamptz NOT NULL,
        lifted_at timestamptz,
        lifted_by text,
        lifted_why text,
        CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
    )
    """,
    "CREATE INDEX person_bar_of_person ON person_bar (person_reference)",
    """
    CREATE TABLE follow_up (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        filing_id uuid NOT NULL,
        rule text NOT NULL,
        pointer text NOT NULL,
        text_zh text NOT NULL,
        text_en text NOT NULL,
        division_code text COLLATE "C" NOT NULL,
        noted_at timestamptz NOT NULL,
        version integer NOT NULL DEFAULT 1,
        finding text CHECK (finding IN ('confirmed', 'untrue')),
        remark text,
        concluded_at timestamptz,
        concluded_by text,
        UNIQUE (filing_id, rule, pointer),
        CHECK ((finding IS NULL) = (concluded_at IS NULL))
    )
    """,
    "CREATE INDEX follow_up_open ON follow_up (division_code, noted_at, id) WHERE finding IS NULL",
    """
    CREATE TABLE precedent_appeal (
        id uuid PRIMARY KEY,
        filing_id uuid NOT NULL REFERENCES filing ON DELETE CASCADE,
        status text NOT NULL CHECK (status IN ('open', 'upheld', 'rejected', 'withdrawn')),
        version integer NOT NULL CHECK (version > 0),
        applicant text NOT NULL,
        division_code text COLLATE "C" NOT NULL,
        region text NOT NULL,
        item text NOT NULL,
        words text NOT NULL,
        made_at timestamptz NOT NULL,
        clock jsonb NOT NULL,
        due_at timestamptz,
        due_is_provisional boolean NOT NULL DEFAULT false,
        overdue_told_at timestamptz,
        answer_zh text,
        answer_en text,
        ended_at timestamptz,
        answered_by text,
        CHECK ((status = 'open') = (ended_at IS NULL)),
        CHECK ((status IN ('upheld', 'rejected')) = (answer_zh IS NOT NULL AND answered_by IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX precedent_appeal_open ON precedent_appeal (filing_id) WHERE status = 'open'",
    "CREATE INDEX precedent_appeal_waiting ON precedent_appeal (made_at, id) WHERE status = 'open'",
    "CREATE INDEX precedent_appeal_of_filing ON precedent_appeal (filing_id, made_at)",
    """
    ALTER TABLE filing
        ADD COLUMN agent_uscc text,
        ADD COLUMN agent_client text,
        ADD CHECK ((agent_uscc IS NULL) = (agent_client IS NULL))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
