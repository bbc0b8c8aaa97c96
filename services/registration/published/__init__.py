"""Events that the registration service publishes: the published language, versioned."""

from services.registration.published import (
    abnormal_list,
    access,
    annual_reports,
    authority_acts,
    enterprises,
    exits,
    filings,
    licences,
    liquidations,
    merged_filings,
    names,
    precedent_appeals,
    relocations,
)
from shared.messaging.contracts import Published

PUBLISHED: tuple[Published, ...] = (
    *enterprises.PUBLISHED,
    *filings.PUBLISHED,
    *licences.PUBLISHED,
    *merged_filings.PUBLISHED,
    *names.PUBLISHED,
    *precedent_appeals.PUBLISHED,
    *annual_reports.PUBLISHED,
    *abnormal_list.PUBLISHED,
    *exits.PUBLISHED,
    *liquidations.PUBLISHED,
    *relocations.PUBLISHED,
    *authority_acts.PUBLISHED,
    *access.PUBLISHED,
)
