"""Annual reports, publicity and the list of abnormal operations."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE annual_report (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        year smallint NOT NULL CHECK (year BETWEEN 1949 AND 2999),
        state text NOT NULL CHECK (state IN ('submitted', 'corrected', 'made_up')),
        version integer NOT NULL CHECK (version > 0),
        content jsonb NOT NULL,
        known jsonb NOT NULL,
        channel text NOT NULL,
        is_on_paper boolean NOT NULL,
        filed_by text NOT NULL,
        filed_at timestamptz NOT NULL,
        is_late boolean NOT NULL,
        UNIQUE (uscc, year),
        CHECK (is_late = (state = 'made_up'))
    )
    """,
    # What a correction replaced: published beside it.
    """
    CREATE TABLE annual_report_before (
        report_id uuid NOT NULL REFERENCES annual_report,
        version integer NOT NULL,
        content jsonb NOT NULL,
        filed_at timestamptz NOT NULL,
        PRIMARY KEY (report_id, version)
    )
    """,
    # The walk through the register for a prompt, or for who filed nothing: how far it is.
    """
    CREATE TABLE report_campaign (
        year smallint NOT NULL,
        step text NOT NULL,
        reached text COLLATE "C" NOT NULL DEFAULT '',
        done_at timestamptz,
        PRIMARY KEY (year, step)
    )
    """,
    # The one request of a department for a report that is not in yet.
    """
    CREATE TABLE report_request (
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        year smallint NOT NULL,
        agency_uscc text NOT NULL,
        asked_at timestamptz NOT NULL,
        PRIMARY KEY (uscc, year)
    )
    """,
    """
    CREATE TABLE abnormal_listing (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        cause text NOT NULL CHECK (cause IN ('no_annual_report', 'not_published_as_ordered',
            'false_publicity', 'unreachable', 'name_not_changed')),
        year smallint,
        state text NOT NULL CHECK (state IN ('proposed', 'entered', 'removed', 'discarded', 'revoked')),
        version integer NOT NULL CHECK (version > 0),
        document jsonb NOT NULL,
        division_code text COLLATE "C" NOT NULL,
        proposed_at timestamptz NOT NULL,
        entered_at timestamptz,
        serious_on date,
        serious_told_at timestamptz,
        CHECK ((cause = 'no_annual_report') = (year IS NOT NULL)),
        CHECK (state NOT IN ('entered', 'removed', 'revoked') OR entered_at IS NOT NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX abnormal_listing_one_at_a_time ON abnormal_listing (uscc, cause, coalesce(year, 0))
        WHERE state IN ('proposed', 'entered')
    """,
    "CREATE INDEX abnormal_listing_of_enterprise ON abnormal_listing (uscc, proposed_at DESC, id DESC)",
    # Whether an enterprise is on the list now is read with the enterprise.
    """
    CREATE INDEX abnormal_listing_now ON abnormal_listing (uscc) INCLUDE (entered_at) WHERE state = 'entered'
    """,
    "CREATE INDEX abnormal_listing_proposed ON abnormal_listing (proposed_at, id) WHERE state = 'proposed'",
    "CREATE INDEX abnormal_listing_in_force ON abnormal_listing (entered_at DESC, id DESC) WHERE state = 'entered'",
    """
    CREATE INDEX abnormal_listing_serious ON abnormal_listing (serious_on)
        WHERE state = 'entered' AND serious_told_at IS NULL
    """,
    """
    CREATE TABLE publication_order (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        state text NOT NULL CHECK (state IN ('open', 'fulfilled', 'lapsed')),
        document jsonb NOT NULL,
        ordered_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX publication_order_of_enterprise ON publication_order (uscc, ordered_at DESC, id DESC)",
    "CREATE INDEX publication_order_due ON publication_order (due_at) WHERE state = 'open'",
    """
    CREATE TABLE disclosure (
        id uuid PRIMARY KEY,
        uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
        version integer NOT NULL CHECK (version > 0),
        document jsonb NOT NULL,
        published_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX disclosure_of_enterprise ON disclosure (uscc, published_at DESC, id DESC)",
    """
    CREATE TABLE disclosure_before (
        disclosure_id uuid NOT NULL REFERENCES disclosure,
        version integer NOT NULL,
        document jsonb NOT NULL,
        PRIMARY KEY (disclosure_id, version)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
