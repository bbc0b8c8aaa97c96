"""The register: enterprises, people, licences, filings, claims on names, grants heard of, imports."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = """
CREATE SEQUENCE organisation_code_serial AS bigint MINVALUE 0 START 0;

CREATE TABLE enterprise (
    uscc text COLLATE "C" PRIMARY KEY CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    name text NOT NULL CHECK (name <> ''),
    name_key text COLLATE "C" NOT NULL,
    enterprise_kind text NOT NULL CHECK (enterprise_kind IN ('limited_company', 'joint_stock_company',
        'partnership', 'sole_proprietor_enterprise', 'individual_business', 'cooperative',
        'branch', 'other')),
    kind_stated text,
    state text NOT NULL CHECK (state IN ('active', 'suspended', 'deregistered', 'revoked')),
    established_on date,
    registered_capital_fen bigint CHECK (registered_capital_fen >= 0),
    capital_currency text,
    capital_stated text,
    domicile_division_code text NOT NULL,
    domicile_text text,
    scope jsonb NOT NULL,
    scope_stated text,
    industry_code text,
    registrar_uscc text,
    division_code text COLLATE "C" NOT NULL,
    licence_identifier text,
    filing_id uuid,
    matter_id uuid,
    owner_accounts text[] NOT NULL DEFAULT '{}',
    origin text NOT NULL CHECK (origin IN ('filing', 'import')),
    import_id uuid,
    import_digest bytea,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    registered_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((origin = 'import') = (import_digest IS NOT NULL)),
    CHECK ((origin = 'filing') = (filing_id IS NOT NULL))
);
CREATE INDEX enterprise_by_name ON enterprise (name_key, uscc);
CREATE INDEX enterprise_by_division ON enterprise (division_code, name_key, uscc);

CREATE TABLE enterprise_person (
    uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
    position integer NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    is_principal boolean NOT NULL,
    name text NOT NULL,
    id_number text NOT NULL,
    phone text,
    subscribed_fen bigint CHECK (subscribed_fen >= 0),
    PRIMARY KEY (uscc, position)
);
CREATE UNIQUE INDEX enterprise_person_one_principal ON enterprise_person (uscc) WHERE is_principal;

CREATE TABLE licence (
    identifier text PRIMARY KEY,
    uscc text COLLATE "C" NOT NULL REFERENCES enterprise,
    state text NOT NULL CHECK (state IN ('01', '02', '03', '04', '05', '06', '07', '99')),
    digest text NOT NULL,
    jws text NOT NULL,
    issued_at timestamptz NOT NULL
);
CREATE INDEX licence_of_enterprise ON licence (uscc);

CREATE TABLE filing (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('establishment')),
    status text NOT NULL CHECK (status IN
        ('draft', 'under_review', 'returned', 'approved', 'refused', 'withdrawn')),
    version integer NOT NULL CHECK (version > 0),
    matter_id uuid,
    applicant text NOT NULL,
    content jsonb NOT NULL,
    results jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    uscc text,
    licence_identifier text,
    decided_by text CHECK (decided_by IN ('system', 'officer')),
    decided_at timestamptz,
    reason_zh text,
    reason_en text,
    CHECK ((status = 'approved') = (uscc IS NOT NULL)),
    CHECK ((status IN ('approved', 'refused')) = (decided_at IS NOT NULL))
);
CREATE INDEX filing_of_applicant ON filing (applicant, submitted_at DESC, id DESC);
CREATE INDEX filing_to_review ON filing (submitted_at, id) WHERE status = 'under_review';

CREATE TABLE name_claim (
    name_key text COLLATE "C" PRIMARY KEY,
    division_code text COLLATE "C" NOT NULL,
    distinctive_key text COLLATE "C" NOT NULL,
    trade_key text COLLATE "C" NOT NULL,
    filing_id uuid,
    uscc text,
    reserved_until timestamptz,
    gone_on date,
    CHECK (filing_id IS NOT NULL OR uscc IS NOT NULL),
    CHECK ((uscc IS NULL) = (reserved_until IS NOT NULL))
);
CREATE INDEX name_claim_in_division ON name_claim (division_code, distinctive_key, trade_key);
CREATE UNIQUE INDEX name_claim_alike ON name_claim (division_code, distinctive_key, trade_key)
    WHERE filing_id IS NOT NULL;
CREATE UNIQUE INDEX name_claim_of_filing ON name_claim (filing_id) WHERE filing_id IS NOT NULL;
CREATE INDEX name_claim_reserved ON name_claim (reserved_until) WHERE reserved_until IS NOT NULL;

CREATE TABLE data_grant (
    grant_id text PRIMARY KEY,
    agency_uscc text NOT NULL,
    resource text NOT NULL,
    fields text[] NOT NULL,
    purpose text NOT NULL,
    region_code text,
    valid_until timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX data_grant_of_agency ON data_grant (agency_uscc, resource, purpose);

CREATE TABLE register_import (
    id uuid PRIMARY KEY,
    file_name text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    total_lines integer NOT NULL CHECK (total_lines > 0),
    status text NOT NULL CHECK (status IN ('running', 'completed')),
    keeper text NOT NULL,
    started_by text NOT NULL,
    started_at timestamptz NOT NULL,
    completed_at timestamptz,
    CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX register_import_running ON register_import (keeper, sha256) WHERE status = 'running';

CREATE TABLE register_import_batch (
    import_id uuid NOT NULL REFERENCES register_import,
    first_line integer NOT NULL,
    last_line integer NOT NULL,
    imported integer NOT NULL,
    warned integer NOT NULL,
    unchanged integer NOT NULL,
    refused integer NOT NULL,
    PRIMARY KEY (import_id, first_line),
    CHECK (first_line >= 2 AND last_line >= first_line),
    CHECK (imported + unchanged + refused = last_line - first_line + 1)
);

CREATE TABLE register_import_line (
    import_id uuid NOT NULL REFERENCES register_import,
    line integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('imported', 'unchanged', 'refused')),
    uscc text NOT NULL,
    reasons jsonb NOT NULL,
    PRIMARY KEY (import_id, line)
);
"""


def upgrade() -> None:
    for statement in _STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a released migration is undone by a later one, never in place")
