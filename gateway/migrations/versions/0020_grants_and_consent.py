"""Grants with several regions, scenes, ways and suspension; consent of those whom data is about.

`catalogue_grant.region_code` is read and written no more; a later release drops it.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE catalogue_grant
        ADD COLUMN regions text[] NOT NULL DEFAULT '{}',
        ADD COLUMN scenes text[] NOT NULL DEFAULT '{}',
        ADD COLUMN ways text[] NOT NULL DEFAULT '{copy}'
            CHECK (cardinality(ways) > 0 AND ways <@ '{copy,verify}'::text[]),
        ADD COLUMN needs_consent boolean NOT NULL DEFAULT false,
        ADD COLUMN needs_case_number boolean NOT NULL DEFAULT false,
        ADD COLUMN suspended_because text,
        DROP CONSTRAINT catalogue_grant_status_check,
        ADD CONSTRAINT catalogue_grant_status_check
            CHECK (status IN ('issued', 'suspended', 'withdrawn', 'expired'))
    """,
    "UPDATE catalogue_grant SET regions = ARRAY[region_code] WHERE region_code IS NOT NULL",
    "DROP INDEX catalogue_grant_seed",
    """
    CREATE UNIQUE INDEX catalogue_grant_seed ON catalogue_grant (seed_key)
        WHERE status IN ('issued', 'suspended')
    """,
    """
    CREATE INDEX catalogue_grant_ending ON catalogue_grant (valid_until)
        WHERE status IN ('issued', 'suspended')
    """,
    """
    CREATE TABLE catalogue_consent (
        consent_id uuid PRIMARY KEY,
        subject text NOT NULL CHECK (subject <> ''),
        given_by text NOT NULL,
        agency_uscc text NOT NULL CHECK (length(agency_uscc) = 18),
        resource text NOT NULL,
        fields text[] NOT NULL CHECK (cardinality(fields) > 0 AND NOT '*' = ANY (fields)),
        purpose text NOT NULL CHECK (purpose <> ''),
        content text NOT NULL CHECK (content <> ''),
        method text NOT NULL CHECK (method <> ''),
        use text NOT NULL CHECK (use <> ''),
        scope text NOT NULL CHECK (scope <> ''),
        rights_notice text NOT NULL CHECK (rights_notice <> ''),
        given_at timestamptz NOT NULL,
        valid_until timestamptz NOT NULL,
        withdrawn_by text,
        withdrawn_at timestamptz,
        version integer NOT NULL CHECK (version > 0),
        CHECK (valid_until > given_at),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
    )
    """,
    "CREATE INDEX catalogue_consent_subject ON catalogue_consent (subject, consent_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
