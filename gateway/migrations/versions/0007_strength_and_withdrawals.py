"""How strongly a session was begun, and withdrawals by digest instead of the ids of all access tokens."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE identity_session"
    " ADD COLUMN acr text NOT NULL DEFAULT 'urn:tongban:acr:password',"
    " ADD COLUMN methods text[] NOT NULL DEFAULT '{pwd}'",
    "ALTER TABLE identity_grant"
    " ADD COLUMN acr text NOT NULL DEFAULT 'urn:tongban:acr:password',"
    " ADD COLUMN methods text[] NOT NULL DEFAULT '{pwd}'",
    # Reasons are the code's to list: a check here would have to change with each new one.
    "ALTER TABLE identity_grant DROP CONSTRAINT identity_grant_withdrawn_because_check",
    "DROP INDEX identity_grant_withdrawn",
    # A token names its grant itself now.
    "DROP TABLE identity_access_token",
    # What the services ask for every second: digests, each until the last token that it could name has expired.
    """
    CREATE TABLE identity_withdrawal (
        digest text PRIMARY KEY CHECK (length(digest) = 40),
        issued_until timestamptz NOT NULL,
        forgotten_at timestamptz NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
