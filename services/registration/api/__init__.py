"""HTTP in: one module per resource, under `/registration/v1`."""

from fastapi import APIRouter

from services.registration.api import (
    abnormal_list,
    address_checks,
    annual_reports,
    disclosures,
    enterprises,
    exit_facts,
    exit_notices,
    filings,
    imports,
    licence_verification,
    licences,
    liquidations,
    name_disputes,
    names,
    person_bars,
    precedent_appeals,
    reconciliations,
    register_feed,
    register_search,
    relocations,
    representatives,
    suspensions,
)
from services.registration.published import PUBLISHED
from shared.messaging.contracts import contracts_router

ROUTERS: tuple[APIRouter, ...] = (
    filings.router,
    register_search.router,
    register_feed.router,
    names.router,
    name_disputes.router,
    enterprises.router,
    licences.router,
    licence_verification.router,
    representatives.router,
    suspensions.router,
    imports.router,
    reconciliations.router,
    annual_reports.router,
    disclosures.router,
    abnormal_list.router,
    exit_notices.router,
    exit_facts.router,
    liquidations.router,
    relocations.router,
    address_checks.router,
    person_bars.router,
    precedent_appeals.router,
    contracts_router("registration", PUBLISHED),
)
