"""Pushed authorization requests, signing keys, proofs of possession."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE identity_client"
    " ADD COLUMN requires_pushed_requests boolean NOT NULL DEFAULT false,"
    " ADD COLUMN requires_dpop boolean NOT NULL DEFAULT false",
    # The key that the client must prove to hold with the code or the refresh token.
    "ALTER TABLE identity_code ADD COLUMN key_thumbprint text",
    "ALTER TABLE identity_refresh_token ADD COLUMN key_thumbprint text",
    # A key's state follows from its times. The private half is sealed, and gone once the key signs no more.
    """
    CREATE TABLE identity_signing_key (
        kid text PRIMARY KEY CHECK (length(kid) BETWEEN 1 AND 128),
        public_jwk jsonb NOT NULL,
        sealed bytea,
        published_at timestamptz NOT NULL,
        signs_from timestamptz,
        removed_at timestamptz,
        removed_because text CHECK (removed_because IN ('expired', 'compromised')),
        CHECK ((removed_at IS NULL) = (removed_because IS NULL)),
        CHECK (removed_at IS NULL OR sealed IS NULL)
    )
    """,
    """
    CREATE TABLE identity_pushed_request (
        request_digest text PRIMARY KEY,
        client_id text NOT NULL REFERENCES identity_client,
        parameters text NOT NULL CHECK (length(parameters) <= 32768),
        expires_at timestamptz NOT NULL,
        begun_at timestamptz,
        used_at timestamptz
    )
    """,
    "CREATE INDEX identity_pushed_request_expiry ON identity_pushed_request (expires_at)",
    # Proofs of possession (DPoP) that were taken at the token endpoint: each is good once.
    """
    CREATE TABLE identity_proof (
        proof_digest text PRIMARY KEY CHECK (length(proof_digest) = 64),
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX identity_proof_expiry ON identity_proof (expires_at)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
