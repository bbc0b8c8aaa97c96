"""One-time codes, recovery, closing, and what an account page shows."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # Who was opened by an operator has no password until the activation link was used.
    """
    ALTER TABLE identity_account
        ALTER COLUMN password_hash DROP NOT NULL,
        ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
        ADD COLUMN closed_at timestamptz,
        ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0)
    """,
    # A session that grows stronger gets a new secret; what was granted in it stays its own.
    """
    ALTER TABLE identity_session
        ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid(),
        ADD COLUMN device text NOT NULL DEFAULT ''
    """,
    "CREATE UNIQUE INDEX identity_session_id ON identity_session (session_id)",
    "CREATE INDEX identity_session_of_subject ON identity_session (subject) WHERE ended_at IS NULL",
    """
    ALTER TABLE identity_grant
        DROP CONSTRAINT identity_grant_session_digest_fkey,
        ADD CONSTRAINT identity_grant_session_digest_fkey
            FOREIGN KEY (session_digest) REFERENCES identity_session ON UPDATE CASCADE
    """,
    "CREATE INDEX identity_grant_of_subject ON identity_grant (subject, client_id) WHERE withdrawn_at IS NULL",
    # The shared secret of one-time codes, sealed; `last_step` is the time step of the last code that was taken.
    """
    CREATE TABLE identity_second_factor (
        subject text PRIMARY KEY REFERENCES identity_account,
        sealed_secret bytea NOT NULL,
        begun_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        last_step bigint NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE identity_recovery_code (
        subject text NOT NULL REFERENCES identity_account,
        code_digest text NOT NULL CHECK (length(code_digest) = 64),
        used_at timestamptz,
        PRIMARY KEY (subject, code_digest)
    )
    """,
    # A sign-in of which something is still to be proven, in the browser that holds the secret.
    """
    CREATE TABLE identity_pending_sign_in (
        id_digest text PRIMARY KEY CHECK (length(id_digest) = 64),
        subject text NOT NULL REFERENCES identity_account,
        acr text NOT NULL,
        methods text[] NOT NULL,
        expires_at timestamptz NOT NULL
    )
    """,
    # A link by which a password is set, good once; a new one takes the place of the one before.
    """
    CREATE TABLE identity_account_link (
        subject text PRIMARY KEY REFERENCES identity_account,
        link_digest text NOT NULL UNIQUE CHECK (length(link_digest) = 64),
        purpose text NOT NULL CHECK (purpose IN ('activation', 'recovery')),
        drops_second_factor boolean NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
    # What a person sees of the own account's history; no addresses.
    """
    CREATE TABLE identity_account_event (
        event_id uuid PRIMARY KEY,
        subject text NOT NULL REFERENCES identity_account,
        what text NOT NULL,
        methods text[] NOT NULL DEFAULT '{}',
        device text NOT NULL DEFAULT '',
        at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX identity_account_event_of_subject ON identity_account_event (subject, at DESC)",
    # A face check that was begun in a session; its answer counts once.
    """
    CREATE TABLE identity_face_check (
        request_id uuid PRIMARY KEY,
        check_id text NOT NULL,
        session_id uuid NOT NULL,
        subject text NOT NULL REFERENCES identity_account,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
