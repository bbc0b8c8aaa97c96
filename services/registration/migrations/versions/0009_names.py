"""Names that can be compared fast, reservations of their own, disputes over names.

`marks` are what an index finds a likeness by; a claim without them is marked by the worker. `keeps_part` claims change
an enterprise's own name and keep its distinctive part, which the claim on its old name already guards.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE name_claim
        ADD COLUMN marks text[],
        ADD COLUMN reservation_id uuid,
        ADD COLUMN keeps_part boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT name_claim_check,
        ADD CONSTRAINT name_claim_held
            CHECK (filing_id IS NOT NULL OR uscc IS NOT NULL OR reservation_id IS NOT NULL)
    """,
    "CREATE INDEX name_claim_marks ON name_claim USING gin (marks) WITH (fastupdate = off)",
    "CREATE INDEX name_claim_unmarked ON name_claim (name_key) WHERE marks IS NULL",
    "CREATE INDEX name_claim_of_enterprise ON name_claim (uscc) WHERE uscc IS NOT NULL",
    "CREATE UNIQUE INDEX name_claim_of_reservation ON name_claim (reservation_id) WHERE reservation_id IS NOT NULL",
    "DROP INDEX name_claim_alike",
    """
    CREATE UNIQUE INDEX name_claim_alike ON name_claim (division_code, distinctive_key, trade_key)
        WHERE (filing_id IS NOT NULL OR reservation_id IS NOT NULL) AND NOT keeps_part
    """,
    """
    CREATE TABLE name_reservation (
        id uuid PRIMARY KEY,
        applicant text NOT NULL,
        status text NOT NULL CHECK (status IN ('reserved', 'used', 'released', 'lapsed')),
        version integer NOT NULL CHECK (version > 0),
        name jsonb NOT NULL,
        enterprise_kind text NOT NULL,
        scope text[] NOT NULL,
        for_uscc text,
        counter_uscc text,
        permit_first boolean NOT NULL,
        results jsonb NOT NULL,
        reserved_at timestamptz NOT NULL,
        reserved_until timestamptz NOT NULL,
        remind_at timestamptz,
        filing_id uuid,
        CHECK ((status = 'used') = (filing_id IS NOT NULL))
    )
    """,
    "CREATE INDEX name_reservation_of_applicant ON name_reservation (applicant, reserved_at DESC, id DESC)",
    "CREATE INDEX name_reservation_to_end ON name_reservation (reserved_until) WHERE status = 'reserved'",
    """
    CREATE INDEX name_reservation_to_tell ON name_reservation (remind_at)
        WHERE status = 'reserved' AND remind_at IS NOT NULL
    """,
    """
    CREATE TABLE name_dispute (
        id uuid PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('submitted', 'accepted', 'rejected', 'withdrawn', 'settled',
            'not_infringing', 'stop_use', 'name_withdrawn', 'name_changed', 'ended')),
        version integer NOT NULL CHECK (version > 0),
        applicant text NOT NULL,
        claimant_uscc text NOT NULL,
        respondent_uscc text NOT NULL CHECK (respondent_uscc <> claimant_uscc),
        respondent_name text NOT NULL,
        grounds text NOT NULL,
        submitted_at timestamptz NOT NULL,
        clock jsonb NOT NULL,
        due_at timestamptz,
        due_is_provisional boolean NOT NULL DEFAULT false,
        is_overdue_told boolean NOT NULL DEFAULT false,
        reason_zh text,
        reason_en text,
        decided_at timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX name_dispute_running ON name_dispute (claimant_uscc, respondent_uscc)
        WHERE status IN ('submitted', 'accepted')
    """,
    "CREATE INDEX name_dispute_of_claimant ON name_dispute (claimant_uscc, submitted_at DESC, id DESC)",
    "CREATE INDEX name_dispute_of_respondent ON name_dispute (respondent_uscc, submitted_at DESC, id DESC)",
    """
    CREATE INDEX name_dispute_ruled_against ON name_dispute (respondent_uscc)
        WHERE status IN ('stop_use', 'name_withdrawn')
    """,
    "CREATE INDEX name_dispute_due ON name_dispute (due_at, id) WHERE due_at IS NOT NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
