"""One function that locks a credit code and tells whether records came before the subject."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Volatile: its query sees what was committed while the lock was waited for, which a query around it does not
# (PostgreSQL, "Function Volatility Categories"). The key is the one that was locked before this migration, so that
# old and new processes exclude each other.
_LOCK = """
    CREATE FUNCTION lock_credit_code(code text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('credit_subject' || code, 0));
        RETURN EXISTS (SELECT FROM credit_record WHERE uscc = code);
    END
    $$
"""


def upgrade() -> None:
    op.execute(_LOCK)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
