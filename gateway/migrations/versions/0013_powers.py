"""Offices of officers, powers delegated to zones, channel and region of matters."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE identity_account
        ADD COLUMN office_region text CHECK (office_region ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
        ADD COLUMN office_posts text[] NOT NULL DEFAULT '{}',
        ADD CHECK (office_region IS NOT NULL OR cardinality(office_posts) = 0)
    """,
    """
    ALTER TABLE matter
        ADD COLUMN division_code text COLLATE "C",
        DROP CONSTRAINT matter_channel_check,
        ADD CONSTRAINT matter_channel_check
            CHECK (channel IN ('hall', 'kiosk', 'portal', 'app', 'mini_program', 'phone', 'agent'))
    """,
    'CREATE INDEX matter_by_division ON matter (division_code COLLATE "C", matter_id)',
    """
    CREATE TABLE power_delegation (
        delegation_id uuid PRIMARY KEY,
        granting_uscc text NOT NULL CHECK (length(granting_uscc) = 18),
        zone_uscc text NOT NULL CHECK (length(zone_uscc) = 18),
        item text NOT NULL CHECK (item <> ''),
        regions text[] NOT NULL CHECK (cardinality(regions) > 0),
        valid_from timestamptz NOT NULL,
        valid_until timestamptz,
        legal_basis text NOT NULL CHECK (legal_basis <> ''),
        given_by text NOT NULL,
        given_at timestamptz NOT NULL,
        is_open boolean NOT NULL,
        withdrawn_by text,
        withdrawn_at timestamptz,
        withdrawal_reason text,
        version integer NOT NULL CHECK (version > 0),
        CHECK (valid_until > valid_from),
        CHECK (NOT is_open OR withdrawn_at IS NULL),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
        CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
    )
    """,
    # A zone has the power over an item once; what ended makes room for the next.
    "CREATE UNIQUE INDEX power_delegation_open ON power_delegation (zone_uscc, item) WHERE is_open",
    "CREATE INDEX power_delegation_granting ON power_delegation (granting_uscc, delegation_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
