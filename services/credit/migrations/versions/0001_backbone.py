"""Outbox, inbox and idempotency keys."""

from shared.database.backbone import backbone_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    backbone_v1()


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
