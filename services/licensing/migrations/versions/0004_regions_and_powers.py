"""Channel, counter and region of applications, who decided in an agency's place, powers delegated to zones."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    # Null until a replay for enterprises known before: they count as of the whole region.
    "ALTER TABLE enterprise ADD COLUMN domicile_division_code text",
    """
    ALTER TABLE application
        ADD COLUMN channel text NOT NULL DEFAULT 'portal'
            CHECK (channel IN ('hall', 'kiosk', 'portal', 'app', 'mini_program', 'phone', 'agent')),
        ADD COLUMN division_code text COLLATE "C",
        ADD COLUMN counter_uscc text,
        ADD COLUMN accepted_by text,
        ADD CHECK ((counter_uscc IS NULL) = (accepted_by IS NULL))
    """,
    'CREATE INDEX application_division ON application (division_code COLLATE "C", id)',
    "ALTER TABLE component ADD COLUMN deciding_uscc text",
    """
    CREATE TABLE delegated_power (
        delegation_id text PRIMARY KEY,
        item text NOT NULL,
        zone_uscc text NOT NULL,
        regions text[] NOT NULL CHECK (cardinality(regions) > 0),
        valid_from timestamptz NOT NULL,
        valid_until timestamptz,
        withdrawn_at timestamptz
    )
    """,
    "CREATE INDEX delegated_power_of_zone ON delegated_power (zone_uscc, item)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
