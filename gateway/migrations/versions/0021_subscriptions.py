"""Subscriptions: events for several agencies, their subject and age, and webhooks."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    ALTER TABLE subscription_event
        ADD COLUMN audience text[],
        ADD COLUMN subject text COLLATE "C",
        ADD COLUMN kept_at timestamptz NOT NULL DEFAULT now()
    """,
    """
    UPDATE subscription_event
       SET subject = event ->> 'subject',
           audience = CASE WHEN audience_uscc IS NULL THEN NULL ELSE ARRAY[audience_uscc] END
    """,
    """
    ALTER TABLE subscription_event
        ALTER COLUMN subject SET NOT NULL,
        DROP COLUMN audience_uscc
    """,
    """
    CREATE INDEX subscription_event_subject ON subscription_event (type, subject, position)
    """,
    """
    CREATE INDEX subscription_event_kept_at ON subscription_event (kept_at)
    """,
    """
    CREATE TABLE subscription_forgotten (
        type text NOT NULL,
        audience text NOT NULL,
        events bigint NOT NULL CHECK (events > 0),
        up_to bigint NOT NULL CHECK (up_to > 0),
        PRIMARY KEY (type, audience)
    )
    """,
    """
    CREATE TABLE subscription_destination (
        subscription_id uuid PRIMARY KEY REFERENCES subscription,
        url text NOT NULL CHECK (length(url) <= 500),
        state text NOT NULL CHECK (state IN ('active', 'paused', 'parked', 'gone')),
        position bigint NOT NULL CHECK (position >= 0),
        secret bytea NOT NULL,
        former_secret bytea,
        former_until timestamptz,
        attempts integer NOT NULL CHECK (attempts >= 0),
        not_before timestamptz,
        last_fault text,
        last_success_at timestamptz,
        alarmed_at timestamptz,
        version integer NOT NULL CHECK (version > 0)
    )
    """,
    """
    CREATE INDEX subscription_destination_due ON subscription_destination (not_before) WHERE state = 'active'
    """,
    """
    CREATE TABLE subscription_delivery (
        subscription_id uuid NOT NULL REFERENCES subscription_destination,
        position bigint NOT NULL,
        event_id uuid NOT NULL,
        subject text COLLATE "C" NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'parked')),
        attempts integer NOT NULL CHECK (attempts >= 0),
        not_before timestamptz,
        last_fault text,
        alarmed_at timestamptz,
        PRIMARY KEY (subscription_id, position)
    )
    """,
    """
    CREATE INDEX subscription_delivery_subject ON subscription_delivery (subscription_id, subject, position)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
