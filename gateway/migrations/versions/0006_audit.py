"""The audit chain: append only, one line without a fork."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_STATEMENTS = (
    """
    CREATE TABLE audit_entry (
        number bigint PRIMARY KEY CHECK (number > 0),
        prev_hash text NOT NULL UNIQUE CHECK (length(prev_hash) = 64),
        hash text NOT NULL UNIQUE CHECK (length(hash) = 64),
        event_id uuid NOT NULL UNIQUE,
        source text NOT NULL,
        reader text NOT NULL,
        client_id text NOT NULL,
        agency_uscc text,
        on_behalf_of text,
        resource text NOT NULL,
        record_key text NOT NULL,
        owner_subject text,
        fields text[] NOT NULL,
        purpose text,
        matter_id text,
        grant_id text,
        result text NOT NULL CHECK (result IN ('allowed', 'denied')),
        read_at timestamptz NOT NULL,
        traceparent text,
        recorded_at timestamptz NOT NULL
    )
    """,
    """
    CREATE INDEX audit_entry_owner ON audit_entry (owner_subject, number) WHERE owner_subject IS NOT NULL
    """,
    """
    CREATE INDEX audit_entry_agency ON audit_entry (agency_uscc, number)
    """,
    """
    CREATE INDEX audit_entry_resource ON audit_entry (resource, number)
    """,
    """
    CREATE INDEX audit_entry_read_at ON audit_entry (read_at)
    """,
    """
    CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit chain is append only: % is refused', TG_OP USING ERRCODE = '42501';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()
    """,
    """
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM PUBLIC, CURRENT_USER
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
