"""Grants of the data-sharing catalogue; its resources are data of the region pack."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


_STATEMENTS = (
    """
    CREATE TABLE catalogue_grant (
        grant_id uuid PRIMARY KEY,
        agency_uscc text NOT NULL CHECK (length(agency_uscc) = 18),
        resource text NOT NULL,
        fields text[] NOT NULL CHECK (cardinality(fields) > 0 AND NOT '*' = ANY (fields)),
        purpose text NOT NULL CHECK (purpose <> ''),
        basis text,
        region_code text,
        valid_until timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('issued', 'withdrawn')),
        issued_by text NOT NULL,
        issued_at timestamptz NOT NULL,
        withdrawn_by text,
        withdrawn_at timestamptz,
        seed_key text,
        seed_digest text,
        version integer NOT NULL CHECK (version > 0),
        CHECK (valid_until > issued_at),
        CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL)),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
        CHECK ((seed_key IS NULL) = (seed_digest IS NULL))
    )
    """,
    """
    CREATE INDEX catalogue_grant_agency ON catalogue_grant (agency_uscc, grant_id)
    """,
    """
    CREATE UNIQUE INDEX catalogue_grant_seed ON catalogue_grant (seed_key) WHERE status = 'issued'
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
