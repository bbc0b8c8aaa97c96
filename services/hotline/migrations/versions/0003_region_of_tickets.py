"""Tickets are found by the region of their place: what an officer sees."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'CREATE INDEX ticket_place ON ticket ((place_code COLLATE "C"), received_at DESC, number DESC)'
    )


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
