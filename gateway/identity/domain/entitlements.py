"""Which scopes a client may be registered for: what its kind, its owner's duties and its environment allow.

A scope says what kind of call; the services check on which record. So this is the outer bound only: scopes that open
other people's records at large are kept for the agencies that have the duty.
"""

from collections.abc import Collection, Mapping
from typing import Final

from gateway.identity.domain.clients import Client, ClientKind, Environment
from gateway.identity.domain.scopes import REAL_NAME
from shared.region import GOVERNS_SHARING

SCOPES_OF_PEOPLE: Final = frozenset(
    {
        "registration.filing.submit",
        "registration.filing.read",
        "registration.objection.submit",
        "registration.enterprise.read",
        "credit.subject.read",
        "licensing.application.submit",
        "licensing.application.read",
        "hotline.ticket.submit",
        "hotline.ticket.read",
        "matters.matter.submit",
        "matters.matter.read",
        "payments.payment.read",
        "payments.payment.pay",
        "deliveries.delivery.read",
        "deliveries.choice.submit",
        "notices.notice.read",
        "notices.notice.manage",
        "progress.record.read",
        "materials.file.submit",
        "materials.file.read",
        "catalogue.grant.read",
        "catalogue.correction.submit",
        "catalogue.consent.manage",
        "audit.record.read",
        "identity.account.self",
        "identity.mandate.manage",
    }
)
SCOPES_OF_AGENCIES: Final = frozenset(
    {
        "registration.enterprise.read",
        "registration.objection.submit",
        "registration.clearance.submit",
        "credit.subject.read",
        "credit.record.write",
        "licensing.application.read",
        "licensing.component.decide",
        "hotline.ticket.read",
        "hotline.ticket.handle",
        "matters.matter.read",
        "progress.record.read",
        "matters.task.handle",
        "catalogue.grant.read",
        "catalogue.resource.manage",
        "catalogue.request.manage",
        "catalogue.correction.submit",
        "catalogue.item.manage",
        "powers.delegation.read",
        "powers.delegation.manage",
        "subscriptions.subscription.manage",
        "audit.record.read",
        "events.read",
        "integrations.event.send",
        "integrations.record.read",
        "identity.client.self",
        "identity.system.read",
        "identity.system.report",
    }
)
# Duties by their keys in the region pack: any one of them is enough.
SCOPES_BY_DUTY: Final[Mapping[str, frozenset[str]]] = {
    "register_enterprises": frozenset(
        {
            "registration.filing.read",
            "registration.filing.decide",
            "registration.register.import",
            "registration.relocation.exchange",
        }
    ),
    "protect_consumers": frozenset(
        {"registration.filing.read", "registration.register.import", "registration.listing.decide"}
    ),
    # The agency that runs the service hall: at its comprehensive window cases are accepted for people.
    "issue_comprehensive_permits": frozenset(
        {
            "deliveries.delivery.handle",
            "licensing.application.decide",
            "licensing.application.submit",
            "registration.filing.submit",
            "matters.matter.submit",
            "materials.file.submit",
            "identity.account.recover",
        }
    ),
    # Banks file new enterprises for their founders, free of charge (代办).
    "file_for_founders": frozenset(
        {
            "matters.matter.submit",
            "registration.filing.submit",
            "registration.filing.represent",
            "registration.filing.read",
        }
    ),
    # What a zone takes in at its own counters, and decides as far as it is delegated to it.
    "run_development_zone": frozenset(
        {
            "deliveries.delivery.handle",
            "registration.filing.submit",
            "matters.matter.submit",
            "registration.filing.read",
            "registration.filing.decide",
            "licensing.application.submit",
            "materials.file.submit",
        }
    ),
    "enforce_judgments": frozenset({"registration.ruling.enter"}),
    "answer_requests": frozenset({"hotline.ticket.submit", "hotline.ticket.manage", "hotline.identity.read"}),
    GOVERNS_SHARING: frozenset(
        {
            "audit.record.review",
            "catalogue.grant.manage",
            "progress.exception.manage",
            "identity.account.manage",
            "identity.account.recover",
            "identity.client.manage",
            "identity.system.manage",
            "identity.key.manage",
            "identity.trust.manage",
            "uplink.record.manage",
            "uplink.record.read",
            "payments.reconciliation.read",
            "notices.dispatch.read",
            REAL_NAME,
        }
    ),
}
ALL_SCOPES: Final = SCOPES_OF_PEOPLE.union(SCOPES_OF_AGENCIES, *SCOPES_BY_DUTY.values())
# A test client reads and submits; what decides, handles, imports, writes or manages is for live ones.
VERBS_OF_TEST_CLIENTS: Final = frozenset({"read", "submit", "self", "report"})


def scopes_for(kind: ClientKind, duties: Collection[str]) -> frozenset[str]:
    """Return what a client of an agency with these duties may hold at most.

    An app holds what people may do besides; one of the data bureau, through which officers of all agencies sign in,
    whatever there is: a person's own scopes bound what a session gets.
    """
    own = SCOPES_OF_AGENCIES.union(*(SCOPES_BY_DUTY.get(duty, frozenset()) for duty in duties))
    if kind is not ClientKind.APP:
        return own
    return ALL_SCOPES if GOVERNS_SHARING in duties else own | SCOPES_OF_PEOPLE


def is_for_test_clients(scope: str) -> bool:
    """Tell whether a test client may hold a scope, by its verb."""
    return scope.rpartition(".")[2] in VERBS_OF_TEST_CLIENTS


def refused_scopes(client: Client, duties: Collection[str]) -> Mapping[str, str]:
    """Return each scope that the client may not hold, with the code of the reason."""
    allowed = scopes_for(client.kind, duties)
    is_test = client.environment is Environment.TEST
    refused = {scope: "not_of_this_agency" for scope in client.scopes if scope not in allowed}
    trial = {
        scope: "not_for_test_clients" for scope in client.scopes if is_test and not is_for_test_clients(scope)
    }
    return trial | refused
