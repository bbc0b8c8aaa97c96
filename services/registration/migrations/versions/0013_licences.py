"""Versions of business licences, what was done to them, and copies made for a purpose."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE licence
        ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 999),
        ADD COLUMN associated_identifier text REFERENCES licence,
        ADD CONSTRAINT licence_chained CHECK (version = 1 OR associated_identifier IS NOT NULL)
    """,
    "ALTER TABLE licence ALTER COLUMN version DROP DEFAULT",
    "DROP INDEX licence_of_enterprise",
    "CREATE INDEX licence_of_enterprise ON licence (uscc, issued_at DESC, version DESC)",
    # One enterprise has one licence that may be shown, and a version one that took its place.
    "CREATE UNIQUE INDEX licence_in_force ON licence (uscc) WHERE state IN ('01', '02')",
    """
    CREATE UNIQUE INDEX licence_successor ON licence (associated_identifier)
        WHERE associated_identifier IS NOT NULL
    """,
    """
    CREATE TABLE licence_operation (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        identifier text NOT NULL REFERENCES licence,
        operation text NOT NULL
            CHECK (operation IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10')),
        state text NOT NULL CHECK (state IN ('01', '02', '03', '04', '05', '06', '07', '99')),
        at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX licence_operation_of_licence ON licence_operation (identifier, position)",
    """
    INSERT INTO licence_operation (identifier, operation, state, at)
        SELECT identifier, '01', '01', issued_at FROM licence ORDER BY issued_at
    """,
    """
    CREATE TABLE licence_copy (
        identifier text PRIMARY KEY,
        licence_identifier text NOT NULL REFERENCES licence,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        purpose text NOT NULL CHECK (purpose <> ''),
        recipient text NOT NULL CHECK (recipient <> ''),
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
        revoked_at timestamptz CHECK (revoked_at >= created_at),
        digest text NOT NULL,
        jws text NOT NULL
    )
    """,
    "CREATE INDEX licence_copy_of_enterprise ON licence_copy (uscc, created_at DESC, identifier DESC)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
