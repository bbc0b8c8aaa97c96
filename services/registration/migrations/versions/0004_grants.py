"""Grants as the services enforce them: regions, scenes, ways, suspension; consent.

`data_grant.region_code` is read and written no more; a later release drops it.
"""

from alembic import op

from shared.sharing.schema import consents_v1

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE data_grant
        ADD COLUMN regions text[] NOT NULL DEFAULT '{}',
        ADD COLUMN scenes text[] NOT NULL DEFAULT '{}',
        ADD COLUMN ways text[] NOT NULL DEFAULT '{copy}',
        ADD COLUMN needs_consent boolean NOT NULL DEFAULT false,
        ADD COLUMN needs_case_number boolean NOT NULL DEFAULT false,
        ADD COLUMN suspended_at timestamptz
    """,
    "UPDATE data_grant SET regions = ARRAY[region_code] WHERE region_code IS NOT NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    consents_v1()


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
