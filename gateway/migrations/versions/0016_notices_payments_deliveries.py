"""Notices payments deliveries."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_PAYMENTS: tuple[str, ...] = (
    """
    CREATE TABLE payment (
        payment_id uuid PRIMARY KEY,
        case_id text NOT NULL CHECK (case_id <> ''),
        case_no text NOT NULL,
        part text NOT NULL CHECK (part <> ''),
        payer text NOT NULL CHECK (payer <> ''),
        title_zh text NOT NULL,
        title_en text NOT NULL,
        amount_fen bigint NOT NULL CHECK (amount_fen > 0),
        basis text NOT NULL,
        state text NOT NULL CHECK (state IN ('unpaid', 'paid', 'refunding', 'refunded', 'void')),
        asked_at timestamptz NOT NULL,
        provider text,
        order_reference text,
        pay_url text,
        order_closed_at timestamptz,
        paid_through text,
        transaction_id text,
        paid_at timestamptz,
        receipt_number text UNIQUE,
        ended_because text,
        refunded_at timestamptz,
        next_attempt_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        last_fault text,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((paid_at IS NULL) = (transaction_id IS NULL)),
        CHECK ((paid_at IS NULL) = (paid_through IS NULL)),
        CHECK (paid_at IS NOT NULL OR state IN ('unpaid', 'void')),
        CHECK ((refunded_at IS NOT NULL) = (state = 'refunded'))
    )
    """,
    "CREATE INDEX payment_of_case ON payment (case_id)",
    "CREATE INDEX payment_of_payer ON payment (payer, payment_id)",
    "CREATE INDEX payment_due ON payment (next_attempt_at) WHERE next_attempt_at IS NOT NULL",
    "CREATE INDEX payment_paid_at ON payment (paid_at) WHERE paid_at IS NOT NULL",
    "CREATE INDEX payment_refunded_at ON payment (refunded_at) WHERE refunded_at IS NOT NULL",
    # Authentic callbacks, by the provider's message id: a replay is known by it.
    """
    CREATE TABLE payment_callback (
        provider text NOT NULL,
        message_id text NOT NULL,
        payment_id uuid,
        verdict text NOT NULL,
        amount_fen bigint NOT NULL,
        transaction_id text NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (provider, message_id)
    )
    """,
    "CREATE INDEX payment_callback_received ON payment_callback (received_at)",
    # Those that nobody known signed are counted only: anyone can send them.
    """
    CREATE TABLE payment_callback_refused (
        provider text NOT NULL,
        reason text NOT NULL,
        day date NOT NULL,
        times integer NOT NULL CHECK (times > 0),
        last_at timestamptz NOT NULL,
        PRIMARY KEY (provider, reason, day)
    )
    """,
    """
    CREATE TABLE payment_receipt_serial (
        day date PRIMARY KEY,
        last integer NOT NULL CHECK (last > 0)
    )
    """,
)

_DELIVERIES: tuple[str, ...] = (
    """
    CREATE TABLE delivery_choice (
        case_id text PRIMARY KEY CHECK (case_id <> ''),
        case_no text NOT NULL,
        recipient text NOT NULL CHECK (recipient <> ''),
        method text NOT NULL CHECK (method IN ('electronic', 'ems', 'self_print', 'window')),
        chosen_at timestamptz NOT NULL,
        version integer NOT NULL CHECK (version > 0)
    )
    """,
    "CREATE INDEX delivery_choice_of_recipient ON delivery_choice (recipient)",
    # Where a parcel goes: personal data in a table of its own, deleted some time after it arrived.
    """
    CREATE TABLE delivery_address (
        case_id text PRIMARY KEY REFERENCES delivery_choice,
        name text NOT NULL,
        phone text NOT NULL,
        address text NOT NULL
    )
    """,
    """
    CREATE TABLE delivery (
        delivery_id uuid PRIMARY KEY,
        case_id text NOT NULL UNIQUE,
        case_no text NOT NULL,
        recipient text NOT NULL,
        method text NOT NULL CHECK (method IN ('electronic', 'ems', 'self_print', 'window')),
        state text NOT NULL CHECK (state IN ('prepared', 'ordered', 'shipped', 'delivered', 'failed')),
        made_at timestamptz NOT NULL,
        courier text,
        order_reference text,
        tracking_number text,
        pickup_code text,
        ended_at timestamptz,
        trip integer NOT NULL DEFAULT 1 CHECK (trip > 0),
        next_attempt_at timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        last_fault text,
        version integer NOT NULL CHECK (version > 0),
        CHECK ((pickup_code IS NOT NULL) = (method = 'window')),
        CHECK (method = 'ems' OR tracking_number IS NULL),
        CHECK (state NOT IN ('ordered', 'shipped') OR tracking_number IS NOT NULL),
        CHECK ((ended_at IS NOT NULL) = (state = 'delivered'))
    )
    """,
    "CREATE INDEX delivery_of_recipient ON delivery (recipient, delivery_id)",
    "CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL",
    # Certificates that came of a case, as events told; read when the delivery is shown.
    """
    CREATE TABLE delivery_result (
        case_id text NOT NULL,
        identifier text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('business_licence', 'permit')),
        document_path text NOT NULL,
        verify_path text NOT NULL,
        PRIMARY KEY (case_id, identifier)
    )
    """,
    """
    CREATE TABLE delivery_callback (
        courier text NOT NULL,
        message_id text NOT NULL,
        delivery_id uuid,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (courier, message_id)
    )
    """,
)

_NOTICES: tuple[str, ...] = (
    # What an event says, until the notices of it are written.
    """
    CREATE TABLE notice_fact (
        fact_id uuid PRIMARY KEY,
        event_id text NOT NULL UNIQUE,
        event_type text NOT NULL,
        said jsonb NOT NULL,
        actor text,
        occurred_at timestamptz NOT NULL
    )
    """,
    # Whom a case belongs to, for events that do not say it.
    """
    CREATE TABLE notice_case (
        case_id text PRIMARY KEY,
        case_no text NOT NULL,
        applicant text NOT NULL,
        acting jsonb NOT NULL,
        theme text
    )
    """,
    """
    CREATE TABLE notice (
        notice_id uuid PRIMARY KEY,
        event_id text NOT NULL,
        recipient text NOT NULL CHECK (recipient <> ''),
        template text NOT NULL,
        kind text NOT NULL,
        case_no text NOT NULL,
        language text NOT NULL CHECK (language IN ('zh', 'en')),
        title text NOT NULL,
        content text NOT NULL,
        path text NOT NULL,
        written_at timestamptz NOT NULL,
        read_at timestamptz,
        UNIQUE (event_id, recipient, template)
    )
    """,
    "CREATE INDEX notice_of_recipient ON notice (recipient, notice_id)",
    "CREATE INDEX notice_written ON notice (written_at)",
    """
    CREATE TABLE notice_dispatch (
        notice_id uuid NOT NULL REFERENCES notice ON DELETE CASCADE,
        channel text NOT NULL CHECK (channel IN ('sms', 'push', 'mail')),
        recipient text NOT NULL,
        case_no text NOT NULL,
        urgent boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'sent', 'unreachable', 'given_up')),
        next_attempt_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        last_fault text,
        ended_at timestamptz,
        PRIMARY KEY (notice_id, channel)
    )
    """,
    "CREATE INDEX notice_dispatch_pending ON notice_dispatch (channel, next_attempt_at) WHERE state = 'pending'",
    "CREATE INDEX notice_dispatch_line ON notice_dispatch (recipient, case_no, channel) WHERE state = 'pending'",
    "CREATE INDEX notice_dispatch_state ON notice_dispatch (state, notice_id)",
    """
    CREATE TABLE notice_preference (
        recipient text PRIMARY KEY,
        language text NOT NULL CHECK (language IN ('zh', 'en')),
        mail text,
        channels jsonb NOT NULL,
        version integer NOT NULL CHECK (version > 0)
    )
    """,
    # Where messages go in local mode instead of to a provider; the key is what a provider would know a repeat by.
    """
    CREATE TABLE notice_outbox (
        message_key text PRIMARY KEY,
        channel text NOT NULL,
        address text NOT NULL,
        title text NOT NULL,
        content text NOT NULL,
        sent_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX notice_outbox_sent ON notice_outbox (sent_at, message_key)",
)

_STATEMENTS: tuple[str, ...] = (*_PAYMENTS, *_DELIVERIES, *_NOTICES)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
