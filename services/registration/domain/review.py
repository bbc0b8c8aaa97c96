"""The review of an establishment filing by rules alone (智能审核): every rule, all faults at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from services.registration.domain.establishment import Establishment
from services.registration.domain.name_rules import NameConflicts, review_name
from services.registration.domain.people_rules import review_people
from services.registration.domain.policy import KindPolicy, PermitNeed, RegistryPolicy, Wording
from services.registration.domain.rule import Outcome, Rule, RuleResult, fault, noted, passed

_REGULATION: Final = "《市场主体登记管理条例》第{}条"
_REGULATION_EN: Final = "Regulations on the Registration of Market Entities, art. {}"


def _basis(article_zh: str, article: int) -> Wording:
    return Wording(_REGULATION.format(article_zh), _REGULATION_EN.format(article))


KIND: Final = Rule(
    "kind.offered", _basis("二", 2), Wording("类型可在本地区办理", "this kind is registered here")
)
IN_REGION: Final = Rule(
    "domicile.in_region",
    _basis("十一", 11),
    Wording("住所在本登记机关辖区内", "the address is in the region"),
)
COMMITMENT: Final = Rule(
    "domicile.commitment",
    Wording("住所（经营场所）登记申报承诺制", "domicile by declaration and commitment"),
    Wording("已作出住所真实性承诺", "the address is declared with a commitment"),
)
ADDRESS: Final = Rule(
    "domicile.address_match",
    Wording("住所（经营场所）在线核验", "online verification of the address"),
    Wording("住所与所选乡镇街道一致", "the address matches the town"),
)
SERVICE_ADDRESS: Final = Rule(
    "service_address.confirmed",
    Wording("企业法律文书送达地址先行确认及责任承诺制", "confirmation of the service address beforehand"),
    Wording("已确认法律文书送达地址", "the address for service of legal documents is confirmed"),
)
SCOPE: Final = Rule(
    "scope.standard_codes",
    _basis("十四", 14),
    Wording("经营范围使用规范表述", "the scope uses standard entries"),
)
LICENCE_FIRST: Final = Rule(
    "scope.licence_first",
    Wording("先照后证：经营许可不作为登记前置条件", "licence first: permits are no precondition"),
    Wording("登记不以经营许可为前提", "no permit is asked for before registration"),
)
CAPITAL: Final = Rule(
    "capital.bounds", _basis("十三", 13), Wording("注册资本在规定范围内", "the capital is within bounds")
)


def review_establishment(
    filed: Establishment, policy: RegistryPolicy, conflicts: NameConflicts, today: date
) -> tuple[RuleResult, ...]:
    """Apply every rule to the filing; a broken rule never hides another."""
    kind = policy.kinds.get(filed.enterprise_kind)
    return (
        _kind(kind),
        *review_name(filed, kind, policy, conflicts),
        *_domicile(filed, policy),
        _service_address(filed),
        *_scope(filed, policy),
        passed(LICENCE_FIRST, "/scope"),
        *(review_people(filed, kind, today) if kind else ()),
        *(_capital(filed, kind) if kind else ()),
    )


def verdict(results: Sequence[RuleResult]) -> Outcome:
    """The gravest outcome decides: a fault returns the filing, a reference leaves it to a person."""
    found = {result.outcome for result in results}
    return next((o for o in (Outcome.FAULT, Outcome.REFERRED) if o in found), Outcome.PASSED)


def permits_needed(
    scope: Sequence[str], policy: RegistryPolicy
) -> tuple[tuple[PermitNeed, tuple[str, ...]], ...]:
    """Which permits the chosen scope needs after registration, each with the entries that need it.

    Source: 国发〔2021〕7号 (证照分离): the registrar tells the enterprise at registration.
    """
    needs: dict[str, tuple[PermitNeed, list[str]]] = {}
    for code in scope:
        for need in policy.scope[code].permits if code in policy.scope else ():
            needs.setdefault(need.item, (need, []))[1].append(code)
    return tuple((need, tuple(codes)) for need, codes in needs.values())


def _kind(kind: KindPolicy | None) -> RuleResult:
    if kind is not None:
        return passed(KIND, "/enterprise_kind")
    return fault(KIND, "/enterprise_kind", "本地区未开通此类型的登记", "this kind is not registered here")


def _domicile(filed: Establishment, policy: RegistryPolicy) -> Iterator[RuleResult]:
    code, street = filed.domicile.division_code, filed.domicile.street
    town = policy.towns.get(code)
    if town is None:
        yield fault(
            IN_REGION,
            "/domicile/division_code",
            "住所应在本地区的乡镇、街道内",
            "the address must lie in a town of this region",
        )
    else:
        yield passed(IN_REGION, "/domicile/division_code")
    if filed.domicile.commitment:
        yield passed(COMMITMENT, "/domicile/commitment")
    else:
        yield fault(
            COMMITMENT,
            "/domicile/commitment",
            "请承诺住所信息真实、合法",
            "commit that the address is true and may be used",
        )
    elsewhere = [name for other, name in policy.towns.items() if other != code and name in street]
    if town is not None and elsewhere and town not in street:
        yield noted(
            ADDRESS,
            "/domicile/street",
            f"地址写有“{elsewhere[0]}”，与所选“{town}”不一致，登记后核查",
            f"the address names {elsewhere[0]}, the town chosen is {town}: checked after registration",
        )
    else:
        yield passed(ADDRESS, "/domicile/street")


def _service_address(filed: Establishment) -> RuleResult:
    at = "/service_address_confirmed"
    if filed.service_address_confirmed:
        return passed(SERVICE_ADDRESS, at)
    return fault(
        SERVICE_ADDRESS, at, "请确认法律文书送达地址", "confirm the address for service of legal documents"
    )


def _scope(filed: Establishment, policy: RegistryPolicy) -> Iterator[RuleResult]:
    unknown = [(at, code) for at, code in enumerate(filed.scope) if code not in policy.scope]
    for at, code in unknown:
        yield fault(
            SCOPE,
            f"/scope/{at}",
            f"“{code}”不是规范经营范围条目",
            f"{code} is not a standard entry of business scope",
        )
    if len(set(filed.scope)) < len(filed.scope):
        yield fault(SCOPE, "/scope", "经营范围条目重复", "a scope entry stands twice")
    elif not unknown:
        yield passed(SCOPE, "/scope")


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
