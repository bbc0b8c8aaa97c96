"""Service items in versions, and the list of proofs that may be asked for."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE catalogue_item (
        code text PRIMARY KEY CHECK (length(code) BETWEEN 3 AND 99),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        status text NOT NULL CHECK (status IN ('drafted', 'published', 'withdrawn')),
        draft jsonb,
        version integer NOT NULL CHECK (version >= 0),
        last_effective_from date,
        withdrawn_from date,
        withdrawn_because text,
        withdrawn_by text,
        withdrawn_at timestamptz,
        revision integer NOT NULL CHECK (revision > 0),
        CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL)),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_from IS NULL)),
        CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL)),
        CHECK ((status = 'drafted') = (version = 0)),
        CHECK (status <> 'drafted' OR draft IS NOT NULL)
    )
    """,
    # A version never changes but for the day on which another takes its place. `facets` are what lists filter by,
    # `terms` what searches look for: pairs of characters of its words, those of the title with weight A.
    """
    CREATE TABLE catalogue_item_version (
        code text NOT NULL REFERENCES catalogue_item,
        version integer NOT NULL CHECK (version > 0),
        owner_uscc text NOT NULL CHECK (length(owner_uscc) = 18),
        standard jsonb NOT NULL,
        effective_from date NOT NULL,
        effective_until date,
        published_by text NOT NULL,
        published_at timestamptz NOT NULL,
        seed_digest text,
        facets text[] NOT NULL,
        terms tsvector NOT NULL,
        PRIMARY KEY (code, version),
        CHECK (effective_until >= effective_from)
    )
    """,
    "CREATE INDEX catalogue_item_version_search ON catalogue_item_version USING gin (facets, terms)",
    """
    CREATE TABLE catalogue_proof (
        code text PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 64),
        title_zh text NOT NULL,
        title_en text,
        legal_basis text NOT NULL,
        requesting_unit text NOT NULL,
        issuing_unit text NOT NULL,
        guide_zh text NOT NULL,
        guide_en text,
        introduced_on date NOT NULL,
        listed_at timestamptz NOT NULL,
        cancelled_on date,
        version integer NOT NULL CHECK (version > 0)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
