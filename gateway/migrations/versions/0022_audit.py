"""Audit: what was done beside reading, intervals closed by a signed root, reviews."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE audit_entry
        ADD COLUMN action text NOT NULL DEFAULT 'read' CHECK (action <> ''),
        DROP CONSTRAINT audit_entry_result_check,
        ADD CONSTRAINT audit_entry_result_check CHECK (result IN ('allowed', 'denied', 'done'))
    """,
    """
    CREATE TABLE audit_key (
        kid text PRIMARY KEY CHECK (kid <> ''),
        public_jwk jsonb NOT NULL,
        sealed bytea NOT NULL,
        made_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE audit_root (
        last_number bigint PRIMARY KEY,
        first_number bigint NOT NULL UNIQUE CHECK (first_number > 0 AND first_number <= last_number),
        root text NOT NULL CHECK (length(root) = 64),
        chain_hash text NOT NULL CHECK (length(chain_hash) = 64),
        prev_root text NOT NULL UNIQUE CHECK (length(prev_root) = 64),
        kid text NOT NULL REFERENCES audit_key,
        jws text NOT NULL CHECK (jws <> ''),
        closed_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX audit_root_closed_at ON audit_root (closed_at)",
    """
    CREATE TABLE audit_review (
        review_id uuid PRIMARY KEY,
        number bigint NOT NULL REFERENCES audit_entry,
        reviewer text NOT NULL CHECK (reviewer <> ''),
        finding text NOT NULL CHECK (finding IN ('in_order', 'questioned')),
        note text NOT NULL,
        reviewed_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX audit_review_number ON audit_review (number)",
    *(
        statement
        for table in ("audit_key", "audit_root", "audit_review")
        for statement in (
            f"""
            CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()
            """,
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER",
        )
    ),
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
