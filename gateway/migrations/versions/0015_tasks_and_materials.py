"""Materials handed in once, who has taken a task, what is confidential."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MATERIAL = """
CREATE TABLE material (
    material_id uuid PRIMARY KEY,
    owner text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL CHECK (size > 0),
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    is_confidential boolean NOT NULL,
    handed_in_at timestamptz NOT NULL,
    handed_in_by text NOT NULL,
    UNIQUE (owner, kind, digest)
)
"""
# Files are compressed as they come: PostgreSQL need not try again, and reads them in one piece.
_CONTENT = """
CREATE TABLE material_content (
    material_id uuid PRIMARY KEY REFERENCES material ON DELETE CASCADE,
    content bytea NOT NULL
)
"""
_ATTACHMENT = """
CREATE TABLE material_attachment (
    case_id text NOT NULL,
    material_id uuid NOT NULL REFERENCES material,
    role text NOT NULL CHECK (role IN ('submitted', 'result')),
    part text,
    attached_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, material_id),
    CHECK ((part IS NOT NULL) = (role = 'result'))
)
"""
_STATEMENTS: tuple[str, ...] = (
    _MATERIAL,
    _CONTENT,
    "ALTER TABLE material_content ALTER COLUMN content SET STORAGE EXTERNAL",
    _ATTACHMENT,
    "CREATE INDEX material_by_owner ON material (owner, material_id DESC)",
    "CREATE INDEX material_by_age ON material (handed_in_at)",
    "CREATE INDEX material_attachment_by_material ON material_attachment (material_id)",
    "ALTER TABLE matter ADD COLUMN confidential_fields jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE matter_task ADD COLUMN taken_by text",
    "ALTER TABLE matter_task ADD COLUMN visit jsonb",
    "ALTER TABLE matter_task ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now()",
    "CREATE INDEX matter_task_by_due ON matter_task (agency_uscc, due_at) WHERE state IN ('assigned', 'taken')",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
