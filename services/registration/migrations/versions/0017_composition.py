"""Rulings on a composition with creditors (和解)."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE court_ruling DROP CONSTRAINT court_ruling_kind_check, ADD CONSTRAINT court_ruling_kind_check
        CHECK (kind IN ('bankruptcy_accepted', 'bankruptcy_declared', 'reorganisation_ordered',
            'reorganisation_ended', 'composition_ordered', 'composition_ended', 'bankruptcy_ended',
            'liquidation_accepted', 'liquidation_ended', 'dismissed'))
    """,
    """
    ALTER TABLE court_ruling DROP CONSTRAINT court_ruling_proceedings_check,
        ADD CONSTRAINT court_ruling_proceedings_check
        CHECK (proceedings IN ('none', 'bankruptcy', 'reorganisation', 'composition', 'bankrupt', 'liquidation',
            'ended'))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
