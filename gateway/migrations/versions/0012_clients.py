"""Keys, tiers and standing of clients, and the systems of departments."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE identity_client"
    " ADD COLUMN is_public boolean NOT NULL DEFAULT false,"
    " ADD COLUMN environment text NOT NULL DEFAULT 'live' CHECK (environment IN ('test', 'live')),"
    " ADD COLUMN standing text NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended', 'closed')),"
    " ADD COLUMN standing_reason text,"
    " ADD COLUMN tier text NOT NULL DEFAULT 'standard',"
    " ADD COLUMN region_code text,"
    " ADD COLUMN expires_at timestamptz,"
    " ADD COLUMN registered_at timestamptz,"
    " ADD COLUMN version integer NOT NULL DEFAULT 1,"
    " ADD CHECK ((environment = 'test') = (expires_at IS NOT NULL))",
    # Any number of keys, each with its time; one that was removed stays, so that it is never taken again.
    """
    CREATE TABLE identity_client_key (
        client_id text NOT NULL REFERENCES identity_client,
        kid text NOT NULL CHECK (length(kid) BETWEEN 1 AND 128),
        jwk jsonb NOT NULL,
        not_before timestamptz NOT NULL,
        not_after timestamptz,
        removed_at timestamptz,
        PRIMARY KEY (client_id, kid),
        CHECK (not_after > not_before)
    )
    """,
    "INSERT INTO identity_client_key (client_id, kid, jwk, not_before)"
    " SELECT client_id, jwk ->> 'kid', jwk, changed_at FROM identity_client WHERE jwk ->> 'kid' IS NOT NULL",
    "UPDATE identity_client SET is_public = (jwk IS NULL)",
    # An app and a service belong to an agency too; who has a key says `is_public`.
    "ALTER TABLE identity_client DROP CONSTRAINT identity_client_check",
    "ALTER TABLE identity_client DROP CONSTRAINT identity_client_check1",
    "ALTER TABLE identity_client DROP COLUMN jwk,"
    " ADD CHECK (kind <> 'agency' OR agency_uscc IS NOT NULL),"
    " ADD CHECK (kind = 'app' OR NOT is_public)",
    "CREATE INDEX identity_client_agency ON identity_client (agency_uscc)",
    """
    CREATE TABLE identity_system (
        system_id text PRIMARY KEY CHECK (length(system_id) BETWEEN 1 AND 64),
        name text NOT NULL,
        agency_uscc text NOT NULL CHECK (length(agency_uscc) = 18),
        level text NOT NULL CHECK (level IN ('nation', 'province', 'prefecture', 'county')),
        link text NOT NULL CHECK (link IN ('api', 'event', 'file')),
        client_id text REFERENCES identity_client,
        planned_on date,
        connected_since timestamptz,
        last_heartbeat_at timestamptz,
        version integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX identity_system_client ON identity_system (client_id) WHERE client_id IS NOT NULL",
    "CREATE INDEX identity_system_agency ON identity_system (agency_uscc)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
