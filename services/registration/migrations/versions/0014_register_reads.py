"""Indexes of the register's search, positions of the change feed that no reader skips, reconciliations.

Positions are given out in one order and committed in another. Whoever writes to the log holds, until its transaction
ends, a shared advisory lock named after the last position given out before: whoever reads stops at the lowest of
them, and so never passes a position that is still to come. Transaction numbers would not outlive a dump and restore.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    # As `domain.names.name_key` does it: width, case, brackets and spaces aside.
    r"""
    CREATE FUNCTION text_key(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN upper(regexp_replace(normalize(written, NFKC),
        '[\s()（）·・.,，。\-—_''"“”‘’]+', '', 'g') COLLATE "C.utf8")
    """,
    """
    CREATE FUNCTION text_pairs(key text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN ARRAY(SELECT DISTINCT substr(key, place, 2) FROM generate_series(1, length(key) - 1) AS place)
    """,
    """
    CREATE FUNCTION scope_text(scope jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN (SELECT coalesce(string_agg(entry.value ->> 'text', '；' ORDER BY entry.ordinality), '')
        FROM jsonb_array_elements(scope) WITH ORDINALITY AS entry)
    """,
    """
    ALTER TABLE enterprise
        ADD COLUMN address_key text COLLATE "C" GENERATED ALWAYS AS (text_key(domicile_text)) STORED,
        ADD COLUMN scope_key text COLLATE "C" GENERATED ALWAYS AS (text_key(scope_text(scope))) STORED
    """,
    "CREATE INDEX enterprise_by_name_pairs ON enterprise USING gin (text_pairs(name_key))",
    "CREATE INDEX enterprise_by_address_pairs ON enterprise USING gin (text_pairs(address_key))",
    "CREATE INDEX enterprise_by_scope_pairs ON enterprise USING gin (text_pairs(scope_key))",
    """
    CREATE INDEX enterprise_by_address ON enterprise (hashtextextended(address_key, 0), name_key, uscc)
        WHERE address_key IS NOT NULL
    """,
    "CREATE INDEX enterprise_by_state ON enterprise (state, name_key, uscc) WHERE state <> 'active'",
    """
    CREATE INDEX enterprise_by_division_and_state ON enterprise (division_code, state, name_key, uscc)
        WHERE state <> 'active'
    """,
    "CREATE INDEX enterprise_by_kind ON enterprise (enterprise_kind)",
    'CREATE INDEX enterprise_by_industry ON enterprise (industry_code COLLATE "C")',
    "CREATE INDEX enterprise_by_day ON enterprise (established_on)",
    "CREATE INDEX enterprise_person_by_number ON enterprise_person (id_number)",
    "CREATE INDEX enterprise_person_by_name ON enterprise_person (name)",
    "ALTER TABLE register_change DROP COLUMN IF EXISTS xid",
    # 1919510375 is 'regc'; the statement's positions are given out after this.
    """
    CREATE FUNCTION announce_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        given bigint;
    BEGIN
        SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO given
        FROM register_change_position_seq;
        PERFORM pg_advisory_xact_lock_shared(1919510375, (given % 2147483648)::integer);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER register_change_announced BEFORE INSERT ON register_change
        FOR EACH STATEMENT EXECUTE FUNCTION announce_register_change()
    """,
    """
    CREATE TABLE reconciliation (
        id uuid PRIMARY KEY,
        source text NOT NULL CHECK (source <> ''),
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        total_lines integer NOT NULL CHECK (total_lines > 0),
        division_code text COLLATE "C",
        status text NOT NULL CHECK (status IN ('running', 'completed')),
        keeper text NOT NULL,
        started_by text NOT NULL,
        started_at timestamptz NOT NULL,
        completed_at timestamptz,
        walked_to text COLLATE "C" NOT NULL DEFAULT '',
        only_here integer NOT NULL DEFAULT 0,
        settled integer NOT NULL DEFAULT 0,
        CHECK ((status = 'completed') = (completed_at IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX reconciliation_running ON reconciliation (keeper, sha256) WHERE status = 'running'",
    """
    CREATE TABLE reconciliation_batch (
        reconciliation_id uuid NOT NULL REFERENCES reconciliation,
        first_line integer NOT NULL CHECK (first_line >= 2),
        last_line integer NOT NULL,
        compared integer NOT NULL,
        same integer NOT NULL,
        fields integer NOT NULL,
        only_there integer NOT NULL,
        unreadable integer NOT NULL,
        PRIMARY KEY (reconciliation_id, first_line),
        CHECK (last_line >= first_line)
    )
    """,
    # The cells are kept while a difference of theirs may still be entered.
    """
    CREATE TABLE reconciliation_row (
        reconciliation_id uuid NOT NULL REFERENCES reconciliation,
        uscc text COLLATE "C" NOT NULL,
        line integer NOT NULL,
        cells text[],
        found text NOT NULL CHECK (found IN ('same', 'differs', 'only_there')),
        PRIMARY KEY (reconciliation_id, uscc)
    )
    """,
    """
    CREATE TABLE reconciliation_difference (
        reconciliation_id uuid NOT NULL REFERENCES reconciliation,
        number bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL CHECK (kind IN ('field', 'only_here', 'only_there', 'unreadable')),
        line integer,
        uscc text COLLATE "C" NOT NULL,
        field text,
        ours text,
        theirs text,
        reasons jsonb NOT NULL DEFAULT '[]',
        settlement text NOT NULL DEFAULT 'open' CHECK (settlement IN ('open', 'ours', 'theirs')),
        settled_by text,
        settled_at timestamptz,
        reason text,
        PRIMARY KEY (reconciliation_id, number),
        CHECK ((kind = 'field') = (field IS NOT NULL)),
        CHECK ((settlement = 'open') = (settled_at IS NULL))
    )
    """,
    """
    CREATE INDEX reconciliation_difference_open ON reconciliation_difference (reconciliation_id, settlement, number)
    """,
    """
    CREATE INDEX reconciliation_difference_about ON reconciliation_difference (reconciliation_id, uscc)
        WHERE settlement = 'open'
    """,
    "CREATE INDEX person_bar_by_entry ON person_bar (entered_at DESC, id DESC)",
    "CREATE INDEX filing_by_time ON filing (submitted_at) INCLUDE (division_code, channel)",
    # When its applicant or an officer last did something with it.
    "ALTER TABLE filing ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now()",
    "CREATE INDEX filing_untouched ON filing (touched_at) WHERE status IN ('draft', 'returned')",
    # Texts under these names anywhere inside are replaced; what is null says nothing and stays.
    """
    CREATE FUNCTION emptied(content jsonb, blanks jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        RETURN CASE jsonb_typeof(content)
            WHEN 'object' THEN (
                SELECT coalesce(jsonb_object_agg(key, CASE WHEN blanks ? key AND jsonb_typeof(value) = 'string'
                    THEN blanks -> key ELSE emptied(value, blanks) END), '{}')
                FROM jsonb_each(content)
            )
            WHEN 'array' THEN (
                SELECT coalesce(jsonb_agg(emptied(value, blanks) ORDER BY place), '[]')
                FROM jsonb_array_elements(content) WITH ORDINALITY AS entries (value, place)
            )
            ELSE content
        END;
    END $$
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
