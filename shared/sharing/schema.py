"""The tables of a service's copies. Called by each service's migration; later changes come as further functions."""

from alembic import op

GRANTS_V1 = """
CREATE TABLE data_grant (
    grant_id text PRIMARY KEY,
    agency_uscc text NOT NULL,
    resource text NOT NULL,
    fields text[] NOT NULL,
    purpose text NOT NULL,
    regions text[] NOT NULL DEFAULT '{}',
    scenes text[] NOT NULL DEFAULT '{}',
    ways text[] NOT NULL DEFAULT '{copy}',
    needs_consent boolean NOT NULL DEFAULT false,
    needs_case_number boolean NOT NULL DEFAULT false,
    valid_until timestamptz NOT NULL,
    suspended_at timestamptz,
    withdrawn_at timestamptz
);
CREATE INDEX data_grant_of_agency ON data_grant (agency_uscc, resource, purpose);
"""
CONSENTS_V1 = """
CREATE TABLE data_consent (
    consent_id text PRIMARY KEY,
    subject text NOT NULL,
    agency_uscc text NOT NULL,
    resource text NOT NULL,
    fields text[] NOT NULL,
    purpose text NOT NULL,
    valid_until timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX data_consent_of_subject ON data_consent (subject, agency_uscc, resource, purpose);

CREATE TABLE data_claim (
    agency_uscc text NOT NULL,
    record_key text NOT NULL,
    hour_began_at timestamptz NOT NULL,
    made integer NOT NULL CHECK (made > 0),
    PRIMARY KEY (agency_uscc, record_key)
);
"""


def sharing_v1() -> None:
    """Create the copies of grants and consents, and the count of claims."""
    _run(GRANTS_V1 + CONSENTS_V1)


def consents_v1() -> None:
    """As `sharing_v1`, where the service had a table of grants before."""
    _run(CONSENTS_V1)


def _run(statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            op.execute(statement)
