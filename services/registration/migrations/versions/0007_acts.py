"""Filings of every kind, the log of changes of the register."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE filing
        DROP CONSTRAINT filing_kind_check,
        DROP CONSTRAINT filing_check,
        ADD CHECK (kind IN ('establishment', 'alteration', 'record', 'relocation', 'suspension', 'resumption',
            'simple_deregistration', 'deregistration')),
        ADD CHECK (status <> 'approved' OR uscc IS NOT NULL),
        ADD COLUMN concerns_name text,
        ADD COLUMN enterprise_kind text,
        ADD COLUMN division_code text COLLATE "C",
        ADD COLUMN wants_person boolean NOT NULL DEFAULT false,
        ADD COLUMN clock jsonb,
        ADD COLUMN due_at timestamptz,
        ADD COLUMN due_is_provisional boolean NOT NULL DEFAULT false,
        ADD COLUMN overdue_told_at timestamptz
    """,
    """
    UPDATE filing SET enterprise_kind = content ->> 'enterprise_kind',
        division_code = content #>> '{domicile,division_code}',
        concerns_name = concat(content #>> '{name,division}', content #>> '{name,distinctive}',
            content #>> '{name,trade}', content #>> '{name,form}')
    """,
    """
    ALTER TABLE filing
        ALTER COLUMN concerns_name SET NOT NULL,
        ALTER COLUMN enterprise_kind SET NOT NULL,
        ALTER COLUMN division_code SET NOT NULL
    """,
    "DROP INDEX filing_to_review_in_region",
    """
    CREATE INDEX filing_to_review_in_region ON filing (division_code, submitted_at, id)
        WHERE status = 'under_review'
    """,
    # One officer at a time has something to decide about an enterprise.
    """
    CREATE UNIQUE INDEX filing_under_review_for ON filing (uscc)
        WHERE status = 'under_review' AND uscc IS NOT NULL
    """,
    "CREATE INDEX filing_of_enterprise ON filing (uscc, submitted_at DESC, id DESC) WHERE uscc IS NOT NULL",
    "CREATE INDEX filing_due ON filing (due_at) WHERE status = 'under_review' AND overdue_told_at IS NULL",
    "CREATE INDEX filing_provisional ON filing (due_at) WHERE status = 'under_review' AND due_is_provisional",
    """
    ALTER TABLE enterprise
        DROP CONSTRAINT enterprise_state_check,
        ADD CHECK (state IN ('active', 'suspended', 'in_liquidation', 'revoked', 'closed', 'annulled',
            'deregistered', 'moved_out')),
        ADD COLUMN ended_on date,
        ADD COLUMN suspended_until date
    """,
    # What an enterprise was like before each change; `position` with the fence of `xid` is the change feed's.
    """
    CREATE TABLE register_change (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        uscc text COLLATE "C" NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        act text NOT NULL,
        at timestamptz NOT NULL,
        filing_id uuid,
        changed text[] NOT NULL DEFAULT '{}',
        before jsonb,
        UNIQUE (uscc, version)
    )
    """,
    """
    INSERT INTO register_change (uscc, version, act, at, filing_id)
    SELECT uscc, version, CASE origin WHEN 'import' THEN 'taken_over' ELSE 'registered' END, registered_at,
        filing_id
    FROM enterprise ORDER BY registered_at, uscc
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
