"""Rules on a branch (分支机构): whose it is, and its name."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from services.registration.domain.establishment import BranchOf
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseKind
from services.registration.domain.known_facts import KnownFacts
from services.registration.domain.name_rules import NameConflicts, review_branch_name
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed, referred
from shared.identifiers import examine_uscc

PARENT: Final = Rule(
    "branch.parent",
    Wording(
        "《公司法》第十三条；《市场主体登记管理条例》第二十三条",
        "Company Law, art. 13; Regulations on Registration, art. 23",
    ),
    Wording("所从属企业存续且可以设立分支机构", "its enterprise exists and can have branches"),
)
CONSENT: Final = Rule(
    "branch.parent_consent",
    Wording(
        "《公司法》第十三条；《市场主体登记管理条例》第十六条",
        "Company Law, art. 13; Regulations on Registration, art. 16",
    ),
    Wording("由所从属企业申请设立", "its enterprise asks for it"),
)
_HAVE_NONE: Final = frozenset({EnterpriseKind.BRANCH, EnterpriseKind.INDIVIDUAL_BUSINESS})


def review_branch(
    branch: BranchOf, policy: RegistryPolicy, conflicts: NameConflicts, known: KnownFacts
) -> Iterator[RuleResult]:
    """Apply every rule on whose branch it is; an enterprise of another register is looked at afterwards."""
    parent, at = known.enterprises.get(branch.uscc), "/branch_of/uscc"
    if examine_uscc(branch.uscc).errors:
        yield fault(PARENT, at, "统一社会信用代码不正确", "the credit code is not sound")
    elif parent is None:
        zh, en = (
            "所从属企业不在本登记簿，登记后核查",
            "its enterprise is in another register: checked after registration",
        )
        yield noted(PARENT, at, zh, en)
    elif parent.state not in IN_BUSINESS or parent.enterprise_kind in _HAVE_NONE:
        zh, en = "所从属企业不能设立分支机构", "this enterprise cannot have branches"
        yield fault(PARENT, at, zh, en)
    else:
        yield passed(PARENT, at)
        yield _consent(branch, at, known)
    name = parent.name if parent is not None else branch.name.enterprise
    for result in review_branch_name(branch.name, name, policy.names, conflicts):
        yield replace(result, pointer=f"/branch_of{result.pointer}")


def _consent(branch: BranchOf, at: str, known: KnownFacts) -> RuleResult:
    """Whoever acts for the enterprise files for its branch; of anybody else a registrar asks for its consent."""
    if branch.uscc in known.agreeing:
        return passed(CONSENT, at)
    zh, en = (
        "申请人不代表所从属企业，由登记人员核实其设立决定",
        "the applicant does not act for its enterprise: a registrar looks at that one's decision",
    )
    return referred(CONSENT, at, zh, en)
