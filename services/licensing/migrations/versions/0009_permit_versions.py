"""A permit follows its holder: versions of its certificate, its premises, and the last change that was told."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE permit ADD COLUMN premises text",
    "ALTER TABLE permit ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0)",
    "ALTER TABLE permit ADD COLUMN associated_identifier text",
    "ALTER TABLE permit ADD COLUMN premises_changed_on date",
    "ALTER TABLE permit ADD COLUMN apply_by date",
    "ALTER TABLE permit ADD CHECK ((version = 1) = (associated_identifier IS NULL))",
    "ALTER TABLE permit ADD CHECK (apply_by IS NULL OR premises_changed_on IS NOT NULL)",
    """
    UPDATE permit SET premises = nullif(convert_from(decode(
        rpad(translate(part, '-_', '+/'), (length(part) + 3) / 4 * 4, '='), 'base64'
    ), 'UTF8')::jsonb #>> '{extend_info,premises}', '')
    FROM (SELECT number AS of, split_part(jws, '.', 2) AS part FROM permit) AS signed WHERE signed.of = number
    """,
    """
    CREATE TABLE lapsed_version (
        certificate_identifier text PRIMARY KEY,
        permit_number text NOT NULL REFERENCES permit (number),
        version integer NOT NULL CHECK (version > 0),
        associated_identifier text,
        superseded_by text NOT NULL UNIQUE,
        holder_name text NOT NULL,
        premises text,
        digest text NOT NULL,
        jws text NOT NULL,
        seal_zh text NOT NULL,
        seal_en text NOT NULL,
        lapsed_at timestamptz NOT NULL,
        UNIQUE (permit_number, version),
        CHECK ((version = 1) = (associated_identifier IS NULL))
    )
    """,
    """
    CREATE TABLE holder_change (
        uscc text PRIMARY KEY,
        sequence bigint NOT NULL,
        name text NOT NULL,
        address text,
        effective_on date NOT NULL
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
