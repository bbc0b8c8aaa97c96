"""Channel and counter of filings, the regions by which officers see them, powers delegated to zones."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    ALTER TABLE filing
        ADD COLUMN channel text NOT NULL DEFAULT 'portal'
            CHECK (channel IN ('hall', 'kiosk', 'portal', 'app', 'mini_program', 'phone', 'agent')),
        ADD COLUMN counter_uscc text,
        ADD COLUMN accepted_by text,
        ADD CHECK ((counter_uscc IS NULL) = (accepted_by IS NULL))
    """,
    """
    CREATE INDEX filing_to_review_in_region
        ON filing (((content #>> '{domicile,division_code}') COLLATE "C"), submitted_at, id)
        WHERE status = 'under_review'
    """,
    """
    CREATE INDEX enterprise_by_domicile
        ON enterprise ((domicile_division_code COLLATE "C"), name_key, uscc)
    """,
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
