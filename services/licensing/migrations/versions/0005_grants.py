"""Grants as the services enforce them: regions, scenes, ways, suspension; consent."""

from shared.sharing.schema import sharing_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sharing_v1()


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
