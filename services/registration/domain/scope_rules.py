"""Rules on the business scope (经营范围): standard entries, permits that come first, foreign investment."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.registration.domain.establishment import Establishment, PriorPermit
from services.registration.domain.legal_basis import regulation
from services.registration.domain.policy import PermitNeed, RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, passed, referred

SCOPE: Final = Rule(
    "scope.standard_codes",
    regulation("十四", "14"),
    Wording("经营范围使用规范表述", "the scope uses standard entries"),
)
LICENCE_FIRST: Final = Rule(
    "scope.licence_first",
    Wording("先照后证：经营许可不作为登记前置条件", "licence first: permits are no precondition"),
    Wording("登记不以经营许可为前提", "no permit is asked for before registration"),
)
PERMIT_FIRST: Final = Rule(
    "scope.permit_first",
    Wording(
        "《市场主体登记管理条例》第十四条；企业登记前置审批事项目录",
        "Regulations on Registration, art. 14; catalogue of permits that come before registration",
    ),
    Wording("登记前依法须经批准的项目已经批准", "what the law has approved first is approved"),
)
FOREIGN: Final = Rule(
    "scope.foreign_investment",
    Wording(
        "《外商投资法》第四条、第二十八条；外商投资准入特别管理措施（负面清单）",
        "Foreign Investment Law, arts. 4 and 28; special measures for foreign investment (negative list)",
    ),
    Wording("不在外商投资准入负面清单之内", "not on the negative list for foreign investment"),
)


def review_scope(filed: Establishment, policy: RegistryPolicy) -> Iterator[RuleResult]:
    """Apply every rule on the scope."""
    yield from _standard(filed.scope, policy)
    yield passed(LICENCE_FIRST, "/scope")
    yield from _permits_first(filed.scope, filed.prior_permits, policy)


def _standard(scope: Sequence[str], policy: RegistryPolicy) -> Iterator[RuleResult]:
    unknown = [(at, code) for at, code in enumerate(scope) if code not in policy.scope]
    for at, code in unknown:
        zh, en = f"“{code}”不是规范经营范围条目", f"{code} is not a standard entry of business scope"
        yield fault(SCOPE, f"/scope/{at}", zh, en)
    if len(set(scope)) < len(scope):
        yield fault(SCOPE, "/scope", "经营范围条目重复", "a scope entry stands twice")
    elif not unknown:
        yield passed(SCOPE, "/scope")


def _permits_first(
    scope: Sequence[str], permits: Sequence[PriorPermit], policy: RegistryPolicy
) -> Iterator[RuleResult]:
    """Only what the law has approved beforehand bars registration; a registrar looks at the approval."""
    shown = {permit.scope for permit in permits}
    results = []
    for at, code in enumerate(scope):
        first = policy.scope[code].permit_first if code in policy.scope else None
        if first is None:
            continue
        if code in shown:
            zh, en = f"请核对批准文件：{first.zh}", f"a registrar looks at the approval: {first.en}"
            results.append(referred(PERMIT_FIRST, f"/scope/{at}", zh, en))
        else:
            zh, en = f"登记前须取得：{first.zh}", f"needed before registration: {first.en}"
            results.append(fault(PERMIT_FIRST, f"/scope/{at}", zh, en))
    yield from results or [passed(PERMIT_FIRST, "/scope")]


def review_foreign(scope: Sequence[str], is_foreign: bool, policy: RegistryPolicy) -> Iterator[RuleResult]:
    """Outside the list an enterprise with foreign investment is reviewed like any other."""
    if not is_foreign:
        return
    results = [
        referred(
            FOREIGN,
            f"/scope/{at}",
            f"负面清单：{entry.measure.zh}",
            f"negative list: {entry.measure.en}",
        )
        for at, code in enumerate(scope)
        for entry in policy.establishment.negative_list
        if code.startswith(entry.scope)
    ]
    yield from results or [passed(FOREIGN, "/scope")]


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
