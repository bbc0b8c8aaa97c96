"""The review of a relocation: the new address, and where another registrar has the file, who asks for it."""

from typing import Final

from services.registration.domain.acts.relocation import ComingFrom, Relocation
from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.enterprise import Enterprise
from services.registration.domain.legal_basis import regulation
from services.registration.domain.place_rules import review_domicile
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.rule import Rule, RuleResult, fault, noted, passed, referred
from shared.identifiers import examine_citizen_id

_ARTICLE_27: Final = regulation("二十七", "27")
ELSEWHERE: Final = Rule("relocation.new_address", _ARTICLE_27, Wording("住所有变更", "the address changes"))
BEFORE: Final = Rule(
    "relocation.before_moving", _ARTICLE_27, Wording("在迁入新住所前申请", "applied for before moving")
)
REGISTRAR: Final = Rule(
    "relocation.old_registrar",
    _ARTICLE_27,
    Wording("与迁出地登记机关已对接", "files are exchanged with the old registrar"),
)
KIND: Final = Rule(
    "kind.offered", regulation("二", "2"), Wording("类型可在本地区办理", "this kind is registered here")
)
REPRESENTATIVE: Final = Rule(
    "relocation.representative",
    regulation("十五", "15"),
    Wording("法定代表人（负责人）已实名", "who stands for the enterprise is named"),
)
ALREADY_HERE: Final = Rule(
    "relocation.not_here",
    _ARTICLE_27,
    Wording("企业尚不在本登记机关登记", "the enterprise does not stand in this register yet"),
)
FILE: Final = Rule("relocation.file", _ARTICLE_27, Wording("登记档案已移交", "the file is handed over"))


def review_inside(
    one: Enterprise, filed: Relocation, policy: RegistryPolicy, applied: AppliedOn
) -> tuple[RuleResult, ...]:
    """Every rule on a move within the region."""
    return (*review_domicile(filed.domicile, policy), _elsewhere(one, filed, policy), _before(filed, applied))


def review_coming(
    filed: Relocation, coming: ComingFrom, policy: RegistryPolicy, applied: AppliedOn
) -> tuple[RuleResult, ...]:
    """Every rule on a move from another registrar that can be applied before its file is here."""
    known = coming.registrar_uscc in policy.changes.other_registrars
    at = "/coming_from/registrar_uscc"
    registrar = (
        passed(REGISTRAR, at)
        if known
        else fault(REGISTRAR, at, "尚未与该登记机关对接", "no files are exchanged with that registrar")
    )
    kind = (
        passed(KIND, "/coming_from/enterprise_kind")
        if coming.enterprise_kind in policy.kinds
        else fault(
            KIND,
            "/coming_from/enterprise_kind",
            "本地区未开通此类型的登记",
            "this kind is not registered here",
        )
    )
    return (
        *review_domicile(filed.domicile, policy),
        registrar,
        kind,
        _representative(coming, applied),
        _before(filed, applied),
    )


def file_awaited(coming: ComingFrom, policy: RegistryPolicy, *, is_officer: bool) -> RuleResult:
    """Nobody enters an enterprise without its file; until it comes the filing waits."""
    name = policy.changes.other_registrars[coming.registrar_uscc].name
    zh, en = f"等待{name.zh}移交登记档案", f"waiting for the file from {name.en}"
    return (fault if is_officer else referred)(FILE, "/coming_from", zh, en)


def _elsewhere(one: Enterprise, filed: Relocation, policy: RegistryPolicy) -> RuleResult:
    town = filed.domicile.division_code
    is_known = town in policy.towns
    if is_known and one.domicile_text == policy.address(town, filed.domicile.street):
        return fault(ELSEWHERE, "/domicile", "与登记簿一致，没有变更", "the register says so already")
    return passed(ELSEWHERE, "/domicile")


def _before(filed: Relocation, applied: AppliedOn) -> RuleResult:
    if filed.moves_on >= applied.day:
        return passed(BEFORE, "/moves_on")
    late = (applied.day - filed.moves_on).days
    zh, en = (
        f"已迁入 {late} 日后才申请，告知监管部门",
        f"applied for {late} days after moving: supervision is told",
    )
    return noted(BEFORE, "/moves_on", zh, en)


def _representative(coming: ComingFrom, applied: AppliedOn) -> RuleResult:
    at = "/coming_from/representative_id_number"
    if examine_citizen_id(coming.representative_id_number, today=applied.day):
        return fault(REPRESENTATIVE, at, "公民身份号码不正确", "the identity number is not sound")
    return passed(REPRESENTATIVE, at)
