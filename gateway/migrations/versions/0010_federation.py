"""Identities of upper platforms, electronic licences, trusted issuers; what is told to the platforms above."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # Who somebody is at an upper platform; one account has at most one identity of each platform.
    """
    CREATE TABLE identity_linked_identity (
        issuer text NOT NULL CHECK (length(issuer) <= 500),
        outside_subject text NOT NULL CHECK (length(outside_subject) BETWEEN 1 AND 255),
        subject text NOT NULL REFERENCES identity_account,
        linked_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        PRIMARY KEY (issuer, outside_subject),
        UNIQUE (subject, issuer)
    )
    """,
    # Returns from upper platforms and assertions of wallets, by digest: each is good once.
    """
    CREATE TABLE identity_used_once (
        digest text PRIMARY KEY CHECK (length(digest) = 64),
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX identity_used_once_expiry ON identity_used_once (expires_at)",
    # Issuers of digital certificates; one that was withdrawn stays as history and is never listed again.
    """
    CREATE TABLE identity_trusted_issuer (
        issuer_id uuid PRIMARY KEY,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        certificate bytea NOT NULL,
        fingerprint text NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
        distinguished_name text NOT NULL,
        valid_from timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        listed_at timestamptz NOT NULL,
        listed_by text NOT NULL,
        withdrawn_from timestamptz,
        withdrawn_at timestamptz,
        withdrawn_by text,
        withdrawn_because text,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL)),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_from IS NULL))
    )
    """,
    # What is told to the platforms above: facts that are not addressed yet, and a record for each upstream.
    """
    CREATE TABLE uplink_fact (
        fact_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('case_status', 'licence')),
        item text NOT NULL,
        subject text NOT NULL,
        content jsonb NOT NULL,
        occurred_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE uplink_record (
        record_id uuid PRIMARY KEY,
        upstream text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('case_status', 'licence')),
        item text NOT NULL,
        subject text NOT NULL,
        content jsonb NOT NULL,
        occurred_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'sent', 'refused')),
        attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_attempt_at timestamptz,
        last_fault text,
        sent_at timestamptz,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((state = 'sent') = (sent_at IS NOT NULL))
    )
    """,
    "CREATE INDEX uplink_record_waiting ON uplink_record (upstream, record_id) WHERE state = 'pending'",
    "CREATE INDEX uplink_record_refused ON uplink_record (record_id) WHERE state = 'refused'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
