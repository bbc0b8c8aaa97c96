"""Credit subjects, their records and evaluations; whose enterprise it is, as registration's filings tell."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE credit_subject (
        uscc text PRIMARY KEY CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
        name text NOT NULL,
        state text NOT NULL,
        established_on date,
        opened_at timestamptz NOT NULL,
        evaluation_number bigint NOT NULL CHECK (evaluation_number > 0),
        score numeric(6, 2) NOT NULL,
        grade text NOT NULL CHECK (grade ~ '^[A-Z]$'),
        scorecard_version text NOT NULL,
        allows_commitment boolean NOT NULL,
        review_on date,
        evaluated_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX credit_subject_by_grade ON credit_subject (grade, uscc)",
    "CREATE INDEX credit_subject_by_review ON credit_subject (review_on) WHERE review_on IS NOT NULL",
    "CREATE INDEX credit_subject_by_scorecard ON credit_subject (scorecard_version)",
    """
    CREATE TABLE credit_evaluation (
        uscc text NOT NULL REFERENCES credit_subject (uscc),
        number bigint NOT NULL CHECK (number > 0),
        score numeric(6, 2) NOT NULL,
        grade text NOT NULL,
        scorecard_version text NOT NULL,
        allows_commitment boolean NOT NULL,
        contributions jsonb NOT NULL,
        review_on date,
        evaluated_at timestamptz NOT NULL,
        PRIMARY KEY (uscc, number)
    )
    """,
    # No foreign key to the subject: a permit may be told before the enterprise that holds it.
    """
    CREATE TABLE credit_record (
        id uuid PRIMARY KEY,
        uscc text NOT NULL CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
        catalogue_item text NOT NULL,
        title_zh text NOT NULL,
        title_en text NOT NULL,
        conduct_zh text NOT NULL,
        conduct_en text NOT NULL,
        data_source text NOT NULL,
        nature text NOT NULL CHECK (nature IN ('positive', 'negative', 'neutral')),
        severity text CHECK (severity IN ('minor', 'general', 'serious')),
        sharing text NOT NULL CHECK (sharing IN ('unconditional', 'conditional', 'none')),
        openness text NOT NULL CHECK (openness IN ('public', 'on_request', 'not_public')),
        least_months integer NOT NULL CHECK (least_months >= 0),
        most_months integer CHECK (most_months >= least_months),
        update_cycle text NOT NULL,
        provider_uscc text NOT NULL,
        reference text NOT NULL,
        happened_on date NOT NULL,
        found_on date NOT NULL,
        document_kind text CHECK (document_kind IN ('court_judgment', 'arbitral_award',
            'administrative_penalty', 'administrative_ruling', 'other_lawful')),
        document_effective_on date,
        source_event text UNIQUE,
        entered_at timestamptz NOT NULL,
        published_through date CHECK (published_through >= found_on),
        status text NOT NULL CHECK (status IN ('in_force', 'ended')),
        CONSTRAINT credit_record_once UNIQUE (uscc, provider_uscc, catalogue_item, reference),
        CHECK ((nature = 'negative') = (severity IS NOT NULL)),
        CHECK ((document_kind IS NULL) = (document_effective_on IS NULL)),
        CHECK (document_kind IS NOT NULL OR source_event IS NOT NULL),
        CHECK ((published_through IS NULL) = (most_months IS NULL))
    )
    """,
    "CREATE INDEX credit_record_of_subject ON credit_record (uscc, id)",
    # Built from registration's filing events only, and rebuilt from them.
    """
    CREATE TABLE filing_applicant (
        filing_id text PRIMARY KEY,
        applicant text,
        uscc text
    )
    """,
    "CREATE INDEX filing_applicant_of_subject ON filing_applicant (uscc, applicant) WHERE uscc IS NOT NULL",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
