"""Who may act in whose name."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # By law the agent is known by a keyed reference; a delegation names a subject once it is taken on.
    """
    CREATE TABLE identity_mandate (
        mandate_id uuid PRIMARY KEY,
        source text NOT NULL CHECK (source IN ('by_law', 'delegated')),
        principal_kind text NOT NULL CHECK (principal_kind IN ('person', 'enterprise')),
        principal text NOT NULL CHECK (length(principal) BETWEEN 1 AND 128),
        state text NOT NULL CHECK (state IN ('offered', 'active', 'declined', 'withdrawn', 'expired')),
        scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
        valid_from timestamptz NOT NULL,
        valid_until timestamptz CHECK (valid_until > valid_from),
        given_by text NOT NULL,
        given_at timestamptz NOT NULL,
        agent text REFERENCES identity_account,
        agent_reference text CHECK (length(agent_reference) = 64),
        matter_id uuid,
        invitation_digest text UNIQUE CHECK (length(invitation_digest) = 64),
        offered_until timestamptz,
        accepted_at timestamptz,
        ended_at timestamptz,
        ended_by text,
        ended_because text,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((source = 'by_law') = (agent_reference IS NOT NULL)),
        CHECK ((source = 'by_law') = (valid_until IS NULL)),
        CHECK (source = 'delegated' OR principal_kind = 'enterprise'),
        CHECK (state <> 'active' OR source = 'by_law' OR agent IS NOT NULL),
        CHECK ((ended_at IS NULL) = (state IN ('offered', 'active')))
    )
    """,
    "CREATE UNIQUE INDEX identity_mandate_one_representative ON identity_mandate (principal)"
    " WHERE source = 'by_law' AND state = 'active'",
    # One responsible helper for a matter; per principal, so that nobody takes the place in a stranger's matter.
    "CREATE UNIQUE INDEX identity_mandate_one_helper ON identity_mandate (principal, matter_id)"
    " WHERE matter_id IS NOT NULL AND state IN ('offered', 'active')",
    "CREATE INDEX identity_mandate_given ON identity_mandate (principal, mandate_id)",
    "CREATE INDEX identity_mandate_received ON identity_mandate (agent, mandate_id) WHERE agent IS NOT NULL",
    "CREATE INDEX identity_mandate_by_law ON identity_mandate (agent_reference, mandate_id)"
    " WHERE agent_reference IS NOT NULL",
    "CREATE INDEX identity_mandate_running ON identity_mandate (state, valid_until)"
    " WHERE state IN ('offered', 'active')",
    # Who acts for an enterprise asks who read its records.
    "CREATE INDEX audit_entry_record ON audit_entry (record_key, number)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
