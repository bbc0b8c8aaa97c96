"""Tickets, the identities of confidential requesters, and the history of moves."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# One day has at most 999,999 ticket numbers; the sequence starts again after that, the day is in the number.
_SERIAL = "CREATE SEQUENCE ticket_serial MINVALUE 1 MAXVALUE 999999 CYCLE"

_TICKET = """
CREATE TABLE ticket (
    number text PRIMARY KEY CHECK (number ~ '^[A-Z]{2,4}-[0-9]{6}-[0-9]{8}-[0-9]{6}-[0-9A-Z]$'),
    kind text NOT NULL CHECK (kind IN ('consult', 'help', 'complaint', 'report', 'suggestion')),
    channel text NOT NULL CHECK (channel IN ('phone', 'website', 'wechat', 'app', 'mailbox', 'mayors_mailbox',
        'message_board', 'national_platform')),
    content text NOT NULL CHECK (length(content) BETWEEN 1 AND 5000),
    requester_type text NOT NULL CHECK (requester_type IN ('person', 'enterprise')),
    named_category text,
    place_code text,
    place_text text,
    is_confidential boolean NOT NULL,
    requester text,
    contact_name text,
    contact_phone text,
    uscc text CHECK (length(uscc) = 18),
    matter_id uuid,
    category text,
    confidence numeric(4, 3) NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    words jsonb NOT NULL,
    rival text,
    level text NOT NULL,
    nature text NOT NULL CHECK (nature IN ('service', 'mediation', 'enforcement')),
    state text NOT NULL CHECK (state IN ('received', 'dispatched', 'signed', 'contacted', 'returned',
        'replied', 'rated', 'reopened', 'closed')),
    agency_uscc text CHECK (length(agency_uscc) = 18),
    is_final_dispatch boolean NOT NULL,
    is_supervised boolean NOT NULL,
    round smallint NOT NULL CHECK (round IN (1, 2)),
    first_contact jsonb NOT NULL,
    first_contact_due_at timestamptz NOT NULL,
    is_contact_late boolean NOT NULL,
    reply_ledger jsonb NOT NULL,
    reply_due_at timestamptz NOT NULL,
    is_reply_late boolean NOT NULL,
    received_at timestamptz NOT NULL,
    dispatched_at timestamptz,
    signed_at timestamptz,
    contacted_at timestamptz,
    replied_at timestamptz,
    close_due_at timestamptz,
    closed_at timestamptz,
    reply text CHECK (length(reply) BETWEEN 1 AND 5000),
    is_reply_on_time boolean,
    rating_score smallint CHECK (rating_score BETWEEN 1 AND 5),
    rating_is_solved boolean,
    rating_comment text CHECK (length(rating_comment) <= 1000),
    rated_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    CONSTRAINT a_confidential_ticket_names_nobody CHECK (NOT is_confidential OR
        (requester IS NULL AND contact_name IS NULL AND contact_phone IS NULL
        AND uscc IS NULL AND matter_id IS NULL)),
    CONSTRAINT an_open_ticket_has_a_contact CHECK (is_confidential OR
        (contact_name IS NOT NULL AND contact_phone IS NOT NULL)),
    CONSTRAINT an_enterprise_has_code_and_category CHECK (requester_type <> 'enterprise' OR
        (named_category IS NOT NULL AND (is_confidential OR uscc IS NOT NULL))),
    CONSTRAINT a_dispatched_ticket_has_a_unit CHECK ((state = 'received') = (agency_uscc IS NULL)),
    CONSTRAINT a_dispatched_ticket_has_a_category CHECK (state = 'received' OR category IS NOT NULL),
    CONSTRAINT an_answered_ticket_has_its_reply CHECK (state NOT IN ('replied', 'rated', 'closed') OR
        (reply IS NOT NULL AND replied_at IS NOT NULL AND contacted_at IS NOT NULL
        AND is_reply_on_time IS NOT NULL)),
    CONSTRAINT a_rating_is_whole CHECK ((rating_score IS NULL) = (rating_is_solved IS NULL)
        AND (rating_score IS NULL) = (rated_at IS NULL)),
    CONSTRAINT closed_has_its_time CHECK ((state = 'closed') = (closed_at IS NOT NULL))
)
"""

_INDEXES = (
    "CREATE INDEX ticket_newest ON ticket (received_at DESC, number DESC)",
    "CREATE INDEX ticket_of_agency ON ticket (agency_uscc, received_at DESC, number DESC)",
    "CREATE INDEX ticket_of_requester ON ticket (requester, received_at DESC, number DESC)",
    "CREATE INDEX ticket_of_matter ON ticket (matter_id) WHERE matter_id IS NOT NULL",
    "CREATE INDEX ticket_contact_due ON ticket (first_contact_due_at)"
    " WHERE contacted_at IS NULL AND NOT is_contact_late",
    "CREATE INDEX ticket_reply_due ON ticket (reply_due_at) WHERE replied_at IS NULL AND NOT is_reply_late",
    "CREATE INDEX ticket_close_due ON ticket (close_due_at) WHERE state IN ('replied', 'rated')",
)

_IDENTITY = """
CREATE TABLE ticket_identity (
    ticket_number text PRIMARY KEY REFERENCES ticket (number),
    subject text,
    name text NOT NULL,
    phone text NOT NULL,
    uscc text CHECK (length(uscc) = 18),
    matter_id uuid
)
"""

_HISTORY = """
CREATE TABLE ticket_history (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_number text NOT NULL REFERENCES ticket (number),
    action text NOT NULL CHECK (action IN ('receive', 'dispatch', 'sign', 'contact', 'return', 'reply',
        'rate', 'reopen', 'close', 'change_level', 'mark_overdue')),
    before text,
    after text NOT NULL,
    role text NOT NULL CHECK (role IN ('requester', 'unit', 'centre', 'system')),
    actor text NOT NULL,
    agency_uscc text,
    at timestamptz NOT NULL,
    note text
)
"""

_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ticket_history is only ever appended to';
END $$
"""


def upgrade() -> None:
    op.execute(_SERIAL)
    op.execute(_TICKET)
    for statement in _INDEXES:
        op.execute(statement)
    op.execute(_IDENTITY)
    op.execute("CREATE INDEX ticket_identity_subject ON ticket_identity (subject)")
    op.execute(_HISTORY)
    op.execute("CREATE INDEX ticket_history_of_ticket ON ticket_history (ticket_number, position)")
    op.execute(_APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER ticket_history_is_appended_to BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_history"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
