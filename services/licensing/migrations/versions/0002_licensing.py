"""Applications, components, commitments, permits, and the read models of enterprises and grades."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE enterprise (
        uscc text PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL,
        state text NOT NULL,
        established_on date,
        address text,
        division_code text NOT NULL,
        scope_codes jsonb NOT NULL,
        industry_class text,
        registered_capital_fen bigint,
        event_id text NOT NULL,
        event_sequence bigint NOT NULL
    )
    """,
    """
    CREATE TABLE credit_standing (
        uscc text PRIMARY KEY,
        grade text NOT NULL,
        allows_commitment boolean NOT NULL,
        evaluated_at timestamptz NOT NULL,
        event_id text NOT NULL,
        event_sequence bigint NOT NULL
    )
    """,
    """
    CREATE TABLE application (
        id uuid PRIMARY KEY,
        industry_code text NOT NULL,
        uscc text NOT NULL,
        applicant text NOT NULL,
        matter_id text,
        status text NOT NULL CHECK (status IN ('under_review', 'approved', 'refused')),
        version integer NOT NULL CHECK (version > 0),
        answers jsonb NOT NULL,
        form jsonb NOT NULL,
        pack_version text NOT NULL,
        notice_version text NOT NULL,
        submitted_at timestamptz NOT NULL,
        decided_at timestamptz,
        permit_number text,
        CHECK ((status = 'under_review') = (decided_at IS NULL)),
        CHECK ((status = 'approved') = (permit_number IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX application_one_running ON application (uscc, industry_code)"
    " WHERE status = 'under_review'",
    "CREATE INDEX application_applicant ON application (applicant, id)",
    """
    CREATE TABLE component (
        application_id uuid NOT NULL REFERENCES application (id),
        item text NOT NULL,
        place integer NOT NULL,
        agency_uscc text NOT NULL,
        needs jsonb NOT NULL,
        status text NOT NULL CHECK (status IN
            ('under_review', 'awaiting_credit', 'granted', 'filed', 'refused', 'discontinued')),
        accepted_at timestamptz NOT NULL,
        ledger jsonb NOT NULL,
        due_at timestamptz NOT NULL,
        fallback text CHECK (fallback IN
            ('grade_not_allowed', 'credit_unknown_in_time', 'predecessor_pending')),
        decided_at timestamptz,
        decided_by text CHECK (decided_by IN ('commitment', 'officer')),
        reason_zh text,
        reason_en text,
        is_overdue_told boolean NOT NULL,
        PRIMARY KEY (application_id, item),
        CHECK ((status IN ('under_review', 'awaiting_credit')) = (decided_at IS NULL)),
        CHECK ((status IN ('granted', 'refused')) = (decided_by IS NOT NULL)),
        CHECK (status NOT IN ('refused', 'discontinued') OR reason_zh IS NOT NULL)
    )
    """,
    "CREATE INDEX component_agency ON component (agency_uscc, status, application_id, item)",
    "CREATE INDEX component_awaiting ON component (accepted_at) WHERE status = 'awaiting_credit'",
    "CREATE INDEX component_due ON component (due_at)"
    " WHERE status IN ('under_review', 'awaiting_credit') AND NOT is_overdue_told",
    """
    CREATE TABLE commitment (
        application_id uuid NOT NULL,
        item text NOT NULL,
        notice_version text NOT NULL,
        notice_told_at timestamptz NOT NULL,
        text_zh text NOT NULL,
        text_en text NOT NULL,
        text_digest text NOT NULL,
        signed_by text NOT NULL,
        signed_at timestamptz NOT NULL,
        issued_at timestamptz,
        check_due_on date,
        PRIMARY KEY (application_id, item),
        FOREIGN KEY (application_id, item) REFERENCES component (application_id, item),
        CHECK (notice_told_at <= signed_at),
        CHECK (signed_at <= issued_at),
        CHECK ((issued_at IS NULL) = (check_due_on IS NULL))
    )
    """,
    """
    CREATE TABLE permit (
        number text PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('comprehensive', 'component')),
        item text,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        uscc text NOT NULL,
        holder_name text NOT NULL,
        industry_code text NOT NULL,
        application_id uuid NOT NULL REFERENCES application (id),
        matter_id text,
        part_of text REFERENCES permit (number),
        issuer_uscc text NOT NULL,
        issuer_zh text NOT NULL,
        issuer_en text NOT NULL,
        supervising_uscc text NOT NULL CHECK (supervising_uscc <> ''),
        supervising_zh text NOT NULL,
        supervising_en text NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        certificate_identifier text NOT NULL UNIQUE,
        certificate_state text NOT NULL CHECK (certificate_state IN
            ('01', '02', '03', '04', '05', '06', '07', '99')),
        digest text NOT NULL,
        jws text NOT NULL,
        seal_zh text NOT NULL,
        seal_en text NOT NULL,
        issued_at timestamptz NOT NULL,
        CHECK ((kind = 'component') = (item IS NOT NULL)),
        CHECK ((kind = 'component') = (part_of IS NOT NULL)),
        CHECK (valid_to >= valid_from)
    )
    """,
    "CREATE UNIQUE INDEX permit_of_application ON permit (application_id, COALESCE(item, ''))",
    "CREATE INDEX permit_part_of ON permit (part_of) WHERE part_of IS NOT NULL",
    "CREATE TABLE permit_serial (prefix text, issued_on date, last integer NOT NULL,"
    " PRIMARY KEY (prefix, issued_on))",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
