"""What was purged when its time of retention was over."""

from shared.database.backbone import purged_record_v1

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    purged_record_v1()


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
