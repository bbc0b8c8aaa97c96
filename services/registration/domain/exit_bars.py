"""What stands against a simple deregistration (不适用简易注销的情形): known to the register, or told by agencies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.rule import Rule
from services.registration.domain.wording import Wording


class BarKind(StrEnum):
    """Facts that agencies hold. Source: 市场主体登记管理条例 art. 33; 实施细则 art. 48."""

    APPROVAL_NEEDED = "approval_needed"
    SERIOUSLY_DISHONEST = "seriously_dishonest"
    SHARES_FROZEN = "shares_frozen"
    SHARES_PLEDGED = "shares_pledged"
    CHATTELS_MORTGAGED = "chattels_mortgaged"
    INVESTS_ELSEWHERE = "invests_elsewhere"
    UNDER_INVESTIGATION = "under_investigation"
    COMPULSORY_MEASURE = "compulsory_measure"
    LAWSUIT = "lawsuit"
    ARBITRATION = "arbitration"
    PENALTY_UNEXECUTED = "penalty_unexecuted"
    TAXES_OWED = "taxes_owed"
    SOCIAL_INSURANCE_OWED = "social_insurance_owed"
    WAGES_OWED = "wages_owed"


@dataclass(frozen=True)
class ExitBar:
    """A fact that an agency holds against an exit, until it lifts it; `reference` is the agency's own number."""

    id: UUID
    uscc: str
    kind: BarKind
    agency_uscc: str
    reference: str
    entered_at: datetime
    lifted_at: datetime | None = None


_REGULATION: Final = Wording(
    "《市场主体登记管理条例》第三十三条", "Regulations on the Registration of Market Entities, art. 33"
)
_RULES: Final = Wording(
    "《市场主体登记管理条例实施细则》第四十八条", "Implementing Rules (总局令52), art. 48"
)
WORDS: Final = {
    BarKind.APPROVAL_NEEDED: Wording("注销依法须经批准", "its end needs an approval"),
    BarKind.SERIOUSLY_DISHONEST: Wording("在严重违法失信名单中", "it is on the seriously dishonest list"),
    BarKind.SHARES_FROZEN: Wording("股权（财产份额）被冻结", "shares are frozen"),
    BarKind.SHARES_PLEDGED: Wording("股权（财产份额）已出质", "shares are pledged"),
    BarKind.CHATTELS_MORTGAGED: Wording("存在动产抵押", "chattels are mortgaged"),
    BarKind.INVESTS_ELSEWHERE: Wording("对其他市场主体存在投资", "it holds shares in another enterprise"),
    BarKind.UNDER_INVESTIGATION: Wording("正在被立案调查", "it is under investigation"),
    BarKind.COMPULSORY_MEASURE: Wording("正在被采取行政强制措施", "a compulsory measure is in force"),
    BarKind.LAWSUIT: Wording("正在诉讼程序中", "a lawsuit is pending"),
    BarKind.ARBITRATION: Wording("正在仲裁程序中", "an arbitration is pending"),
    BarKind.PENALTY_UNEXECUTED: Wording("行政处罚尚未执行完毕", "a penalty is not fully executed"),
    BarKind.TAXES_OWED: Wording("应缴税款未结清", "taxes are owed"),
    BarKind.SOCIAL_INSURANCE_OWED: Wording("社会保险费未结清", "social insurance is owed"),
    BarKind.WAGES_OWED: Wording("职工工资未结清", "wages are owed"),
}
_BY_REGULATION: Final = frozenset(
    {BarKind.APPROVAL_NEEDED, BarKind.TAXES_OWED, BarKind.SOCIAL_INSURANCE_OWED, BarKind.WAGES_OWED}
)
RULES: Final = {
    kind: Rule(
        f"exit.bars.{kind.value}",
        _REGULATION if kind in _BY_REGULATION else _RULES,
        Wording(f"无此情形：{words.zh}", f"it is not so that {words.en}"),
    )
    for kind, words in WORDS.items()
}
ABNORMAL_LIST: Final = Rule(
    "exit.bars.abnormal_list",
    _REGULATION,
    Wording("不在经营异常名录中", "it is not on the list of abnormal operations"),
)
BRANCHES: Final = Rule(
    "exit.branches",
    Wording(
        "《市场主体登记管理条例》第三十二条", "Regulations on the Registration of Market Entities, art. 32"
    ),
    Wording("分支机构已注销", "its branches are gone"),
)
COMMITMENT: Final = Rule(
    "exit.commitment", _REGULATION, Wording("全体投资人已书面承诺", "all investors have committed in writing")
)
