"""Accounts, clients, sessions, authorization codes and refresh tokens."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Secrets (session ids, codes, refresh tokens) are kept as SHA-256 in hexadecimal only.
_STATEMENTS = (
    """
    CREATE TABLE identity_client (
        client_id text PRIMARY KEY CHECK (length(client_id) BETWEEN 1 AND 128),
        name text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('agency', 'app', 'service')),
        agency_uscc text CHECK (length(agency_uscc) = 18),
        jwk jsonb,
        scopes text[] NOT NULL,
        redirect_uris text[] NOT NULL DEFAULT '{}',
        post_logout_redirect_uris text[] NOT NULL DEFAULT '{}',
        changed_at timestamptz NOT NULL,
        CHECK ((kind = 'agency') = (agency_uscc IS NOT NULL)),
        CHECK (kind = 'app' OR jwk IS NOT NULL)
    )
    """,
    """
    CREATE TABLE identity_account (
        subject text PRIMARY KEY,
        username text NOT NULL UNIQUE,
        display_name text NOT NULL,
        citizen_id text NOT NULL UNIQUE,
        phone text NOT NULL,
        agency_uscc text CHECK (length(agency_uscc) = 18),
        password_hash text NOT NULL,
        scopes text[] NOT NULL,
        opened_at timestamptz NOT NULL
    )
    """,
    # Keyed by a digest of the name that was typed, whether such an account exists or not.
    """
    CREATE TABLE identity_sign_in_failure (
        name_digest text PRIMARY KEY,
        failures integer NOT NULL CHECK (failures >= 0),
        retry_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE identity_session (
        id_digest text PRIMARY KEY CHECK (length(id_digest) = 64),
        subject text NOT NULL REFERENCES identity_account,
        authenticated_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
    )
    """,
    """
    CREATE TABLE identity_consent (
        subject text NOT NULL REFERENCES identity_account,
        client_id text NOT NULL REFERENCES identity_client,
        scopes text[] NOT NULL,
        given_at timestamptz NOT NULL,
        PRIMARY KEY (subject, client_id)
    )
    """,
    # What a person granted to a client in one sign-in: the family of all tokens that came of it.
    """
    CREATE TABLE identity_grant (
        grant_id uuid PRIMARY KEY,
        subject text NOT NULL REFERENCES identity_account,
        client_id text NOT NULL REFERENCES identity_client,
        session_digest text NOT NULL REFERENCES identity_session,
        scopes text[] NOT NULL,
        authenticated_at timestamptz NOT NULL,
        granted_at timestamptz NOT NULL,
        withdrawn_at timestamptz,
        withdrawn_because text CHECK (withdrawn_because IN
            ('code_reused', 'refresh_token_reused', 'revoked', 'signed_out')),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL))
    )
    """,
    "CREATE INDEX identity_grant_session ON identity_grant (session_digest) WHERE withdrawn_at IS NULL",
    "CREATE INDEX identity_grant_withdrawn ON identity_grant (withdrawn_at) WHERE withdrawn_at IS NOT NULL",
    """
    CREATE TABLE identity_code (
        code_digest text PRIMARY KEY CHECK (length(code_digest) = 64),
        grant_id uuid NOT NULL UNIQUE REFERENCES identity_grant,
        redirect_uri text NOT NULL,
        challenge text NOT NULL CHECK (length(challenge) = 43),
        nonce text,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
    """
    CREATE TABLE identity_refresh_token (
        token_digest text PRIMARY KEY CHECK (length(token_digest) = 64),
        grant_id uuid NOT NULL REFERENCES identity_grant,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
    "CREATE INDEX identity_refresh_token_grant ON identity_refresh_token (grant_id)",
    # Of an access token only its id is kept, as long as it lives, so that it can be withdrawn.
    """
    CREATE TABLE identity_access_token (
        token_id text PRIMARY KEY,
        grant_id uuid NOT NULL REFERENCES identity_grant,
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX identity_access_token_grant ON identity_access_token (grant_id)",
    # RFC 7523 section 3, 7: an assertion is good once.
    """
    CREATE TABLE identity_assertion (
        client_id text NOT NULL REFERENCES identity_client,
        assertion_id text NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (client_id, assertion_id)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
