"""Accounts, clients, sessions, authorization codes and refresh tokens."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
