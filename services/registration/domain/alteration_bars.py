"""What leaves an alteration to a registrar: shares that are frozen or pledged, proceedings of a court."""

from collections.abc import Iterator
from typing import Final

from services.registration.domain.acts.alteration import Alteration
from services.registration.domain.exit_bars import WORDS, BarKind
from services.registration.domain.exit_rules import Standing
from services.registration.domain.policy import Wording
from services.registration.domain.rule import Rule, RuleResult, passed, referred

# Own readings, to be confirmed: both texts keep a transfer from being registered without the court or the pledgee.
SHARES: Final = Rule(
    "alteration.shares_free",
    Wording(
        "最高人民法院、工商总局关于加强信息合作规范执行与协助执行的通知（法〔2014〕251号）；《民法典》第四百四十三条",
        "Notice on Cooperation in Execution (法〔2014〕251号); Civil Code, art. 443",
    ),
    Wording("股权（财产份额）未被冻结或者出质", "no shares are frozen or pledged"),
)
PROCEEDINGS: Final = Rule(
    "alteration.no_proceedings",
    Wording("《企业破产法》第二十五条、第七十七条", "Enterprise Bankruptcy Law, arts. 25 and 77"),
    Wording("没有正在进行的破产、重整、和解或者强制清算程序", "no court has it in hand"),
)
_ON_SHARES: Final = frozenset({BarKind.SHARES_FROZEN, BarKind.SHARES_PLEDGED})


def review_standing(filed: Alteration, standing: Standing) -> Iterator[RuleResult]:
    """A registrar asks the court, the pledgee or the administrator (管理人)."""
    if filed.owners is not None or (filed.principal is not None and filed.principal.is_owner):
        at = "/owners" if filed.owners is not None else "/principal"
        held = {bar.kind for bar in standing.bars} & _ON_SHARES
        results = [referred(SHARES, at, WORDS[kind].zh, WORDS[kind].en) for kind in sorted(held)]
        yield from results or [passed(SHARES, at)]
    if standing.is_before_court:
        zh, en = "人民法院正在审理该企业的案件，由登记人员核实", "a court has it in hand: a registrar looks"
        yield referred(PROCEEDINGS, "/uscc", zh, en)
    else:
        yield passed(PROCEEDINGS, "/uscc")
