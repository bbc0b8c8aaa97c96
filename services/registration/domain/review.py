"""The review of an establishment filing by rules alone (智能审核): every rule, all faults at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.registration.domain.branch_rules import CONSENT as OF_PARENT
from services.registration.domain.branch_rules import review_branch
from services.registration.domain.establishment import Establishment
from services.registration.domain.establishment_policy import RegistrationMode
from services.registration.domain.investor_rules import CONSENT as OF_INVESTORS
from services.registration.domain.item_rules import review_items, variant_of
from services.registration.domain.kinds import Party
from services.registration.domain.known_facts import NOTHING_KNOWN, KnownFacts
from services.registration.domain.legal_basis import regulation
from services.registration.domain.name_relations import review_consent
from services.registration.domain.name_rules import NameConflicts, review_proposed
from services.registration.domain.people_rules import review_people
from services.registration.domain.place_rules import (
    review_domicile,
    review_further,
    review_service_address,
)
from services.registration.domain.policy import KindPolicy, RegistryPolicy, Wording
from services.registration.domain.rule import Outcome, Rule, RuleResult, fault, noted, passed
from services.registration.domain.scope_rules import FOREIGN, PERMIT_FIRST, review_foreign, review_scope
from services.registration.domain.scope_rules import permits_needed as permits_needed

KIND: Final = Rule(
    "kind.offered", regulation("二", "2"), Wording("类型可在本地区办理", "this kind is registered here")
)
CAPITAL: Final = Rule(
    "capital.bounds",
    regulation("十三", "13"),
    Wording("注册资本在规定范围内", "the capital is within bounds"),
)
MODE: Final = Rule(
    "registration.commitment",
    Wording("市场主体登记告知承诺制度", "registration by notice and commitment"),
    Wording("已作出告知承诺", "the commitment is made"),
)
# What the law itself leaves to a registrar, whatever the city's way of deciding.
_BY_LAW: Final = frozenset(
    {
        FOREIGN.id,
        PERMIT_FIRST.id,
        OF_INVESTORS.id,
        OF_PARENT.id,
        "people.stood_for_closed",
        "people.bar_incapacity",
    }
)


def review_establishment(
    filed: Establishment,
    policy: RegistryPolicy,
    conflicts: NameConflicts,
    today: date,
    known: KnownFacts = NOTHING_KNOWN,
) -> tuple[RuleResult, ...]:
    """Apply every rule to the filing; a broken rule never hides another."""
    filed = replace(filed, variant=variant_of(filed))
    offered = policy.kinds.get(filed.enterprise_kind)
    kind = offered.of(filed.variant) if offered else None
    return (
        _kind(kind, offered, filed),
        *_name(filed, kind, policy, conflicts, known, today),
        *review_domicile(filed.domicile, policy),
        *review_further(filed, policy),
        review_service_address(filed),
        *review_scope(filed, policy),
        *review_foreign(filed.scope, is_foreign_invested(filed, known), policy),
        *(review_items(filed, kind, today) if kind else ()),
        *(review_people(filed, kind, today, known) if kind else ()),
        *(_capital(filed, kind) if kind else ()),
    )


def is_foreign_invested(filed: Establishment, known: KnownFacts) -> bool:
    """Also by an enterprise here that is so itself. Source: 外商投资法实施条例 art. 47 goes on the same list."""
    return filed.is_foreign_invested or any(
        person.is_owner and person.party is Party.ORGANISATION and found.is_foreign_invested
        for person in filed.people
        if (found := known.enterprises.get(person.id_number)) is not None
    )


def settled_by_mode(
    results: Sequence[RuleResult], mode: RegistrationMode, is_committed: bool
) -> tuple[RuleResult, ...]:
    """What the city's way of deciding makes of the results: without review nothing is left to discretion.

    Source: 003 湖南园区20条 #6: 行政确认制 confirms what is complete, 告知承诺 on a promise that is checked later.
    """
    if mode is RegistrationMode.REVIEW:
        return tuple(results)
    settled = tuple(
        replace(result, outcome=Outcome.NOTED)
        if result.outcome is Outcome.REFERRED and result.rule not in _BY_LAW
        else result
        for result in results
    )
    if mode is RegistrationMode.CONFIRMATION:
        return settled
    if not is_committed:
        zh, en = "请作出告知承诺", "make the commitment"
        return (*settled, fault(MODE, "/commitment", zh, en))
    zh, en = "以告知承诺方式登记，登记后核查", "registered on a commitment, checked after registration"
    return (*settled, noted(MODE, "/commitment", zh, en))


def verdict(results: Sequence[RuleResult]) -> Outcome:
    """The gravest outcome decides: a fault returns the filing, a reference leaves it to a person."""
    found = {result.outcome for result in results}
    return next((o for o in (Outcome.FAULT, Outcome.REFERRED) if o in found), Outcome.PASSED)


def _kind(kind: KindPolicy | None, offered: KindPolicy | None, filed: Establishment) -> RuleResult:
    if offered is None or kind is None:
        return fault(KIND, "/enterprise_kind", "本地区未开通此类型的登记", "this kind is not registered here")
    if filed.variant is not None and offered.variants and filed.variant not in offered.variants:
        zh, en = f"{offered.name.zh}没有此类型", f"{offered.name.en} has no such variant"
        return fault(KIND, "/variant", zh, en)
    return passed(KIND, "/enterprise_kind")


def _name(
    filed: Establishment,
    kind: KindPolicy | None,
    policy: RegistryPolicy,
    conflicts: NameConflicts,
    known: KnownFacts,
    today: date,
) -> Iterator[RuleResult]:
    if filed.name is not None:
        yield from review_proposed(filed.name, filed.scope, kind, policy, conflicts)
    if filed.name_consent is not None:
        agrees = known.enterprises.get(filed.name_consent.uscc)
        yield from review_consent(filed.name_consent, agrees, today)
    if filed.branch_of is not None:
        yield from review_branch(filed.branch_of, policy, conflicts, known)


def _capital(filed: Establishment, kind: KindPolicy) -> Iterator[RuleResult]:
    at = "/registered_capital_fen"
    if kind.minimum_capital_fen <= filed.registered_capital_fen <= kind.maximum_capital_fen:
        yield passed(CAPITAL, at)
    else:
        yield fault(
            CAPITAL,
            at,
            f"注册资本（分）应在 {kind.minimum_capital_fen} 至 {kind.maximum_capital_fen} 之间",
            f"capital in fen must lie between {kind.minimum_capital_fen} and {kind.maximum_capital_fen}",
        )
