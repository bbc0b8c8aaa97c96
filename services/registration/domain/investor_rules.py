"""Rules on enterprises of this register that contribute (出资企业): they are in business, and agree to it."""

from collections.abc import Iterator
from typing import Final

from services.registration.domain.establishment import Establishment
from services.registration.domain.kinds import IN_BUSINESS, Party
from services.registration.domain.known_facts import KnownFacts
from services.registration.domain.legal_basis import regulation
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred

INVESTORS: Final = Rule(
    "people.investors_in_business",
    regulation("八", "8"),
    Wording("出资企业存续", "enterprises that contribute exist"),
)
CONSENT: Final = Rule(
    "people.investors_consent",
    regulation("十六", "16"),
    Wording("出资企业同意出资", "enterprises that contribute agree to it"),
)


def review_investors(filed: Establishment, known: KnownFacts) -> Iterator[RuleResult]:
    """Apply every rule on them; of an enterprise of another register nothing is known."""
    yield from _investors(filed, known)
    yield from _consents(filed, known)


def _investors(filed: Establishment, known: KnownFacts) -> Iterator[RuleResult]:
    results = []
    for at, person in enumerate(filed.people):
        found = known.enterprises.get(person.id_number) if person.party is Party.ORGANISATION else None
        if found is None:
            continue
        pointer = f"/people/{at}/id_number"
        if found.state not in IN_BUSINESS:
            zh, en = "该企业已注销、吊销或者正在清算，不能出资", "the enterprise is in business no more"
            results.append(fault(INVESTORS, pointer, zh, en))
        elif found.name != person.name:
            zh = f"该代码登记的名称为“{found.name}”"
            results.append(
                fault(INVESTORS, f"/people/{at}/name", zh, f"the code is registered for {found.name}")
            )
    yield from results or [passed(INVESTORS, "/people")]


def _consents(filed: Establishment, known: KnownFacts) -> Iterator[RuleResult]:
    """Whoever acts for an enterprise says what it owns; of anybody else a registrar asks for its decision."""
    results = [
        referred(
            CONSENT,
            f"/people/{at}/id_number",
            "申请人不代表该出资企业，由登记人员核实其出资决定",
            "the applicant does not act for this enterprise: a registrar looks at its decision to contribute",
        )
        for at, person in enumerate(filed.people)
        if person.party is Party.ORGANISATION
        and person.id_number in known.enterprises.keys() - known.agreeing
    ]
    yield from results or [passed(CONSENT, "/people")]
