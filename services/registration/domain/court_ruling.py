"""Rulings of courts on bankruptcy, reorganisation and compulsory liquidation, and what they make of an enterprise.

Sources: 企业破产法 arts. 10, 12, 70, 86, 94, 96, 98, 99, 107, 120, 121; 公司法 art. 233; 市场主体登记管理条例 art. 34.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.authority_errors import RulingNotPossible
from services.registration.domain.kinds import IN_BUSINESS, EnterpriseState
from services.registration.domain.wording import Wording


class RulingKind(StrEnum):
    """What a court ruled."""

    BANKRUPTCY_ACCEPTED = "bankruptcy_accepted"  # 受理破产申请
    BANKRUPTCY_DECLARED = "bankruptcy_declared"  # 宣告破产
    REORGANISATION_ORDERED = "reorganisation_ordered"  # 裁定重整
    REORGANISATION_ENDED = "reorganisation_ended"  # 批准重整计划，终止重整程序
    COMPOSITION_ORDERED = "composition_ordered"  # 裁定和解
    COMPOSITION_ENDED = "composition_ended"  # 认可和解协议，终止和解程序
    BANKRUPTCY_ENDED = "bankruptcy_ended"  # 终结破产程序
    LIQUIDATION_ACCEPTED = "liquidation_accepted"  # 受理强制清算
    LIQUIDATION_ENDED = "liquidation_ended"  # 终结强制清算
    DISMISSED = "dismissed"  # 驳回申请


class Proceedings(StrEnum):
    """Where an enterprise stands with the courts."""

    NONE = "none"
    BANKRUPTCY = "bankruptcy"
    REORGANISATION = "reorganisation"
    COMPOSITION = "composition"
    BANKRUPT = "bankrupt"
    LIQUIDATION = "liquidation"
    ENDED = "ended"


_P, _R = Proceedings, RulingKind
TRANSITIONS: Final = {
    (_P.NONE, _R.BANKRUPTCY_ACCEPTED): _P.BANKRUPTCY,
    (_P.NONE, _R.REORGANISATION_ORDERED): _P.REORGANISATION,
    (_P.NONE, _R.COMPOSITION_ORDERED): _P.COMPOSITION,
    (_P.NONE, _R.LIQUIDATION_ACCEPTED): _P.LIQUIDATION,
    (_P.BANKRUPTCY, _R.REORGANISATION_ORDERED): _P.REORGANISATION,
    (_P.BANKRUPTCY, _R.COMPOSITION_ORDERED): _P.COMPOSITION,
    (_P.BANKRUPTCY, _R.BANKRUPTCY_DECLARED): _P.BANKRUPT,
    (_P.BANKRUPTCY, _R.BANKRUPTCY_ENDED): _P.NONE,
    (_P.BANKRUPTCY, _R.DISMISSED): _P.NONE,
    (_P.REORGANISATION, _R.REORGANISATION_ENDED): _P.NONE,
    (_P.REORGANISATION, _R.BANKRUPTCY_DECLARED): _P.BANKRUPT,
    (_P.COMPOSITION, _R.COMPOSITION_ENDED): _P.NONE,
    (_P.COMPOSITION, _R.BANKRUPTCY_DECLARED): _P.BANKRUPT,
    (_P.BANKRUPT, _R.BANKRUPTCY_ENDED): _P.ENDED,
    (_P.LIQUIDATION, _R.BANKRUPTCY_ACCEPTED): _P.BANKRUPTCY,
    (_P.LIQUIDATION, _R.LIQUIDATION_ENDED): _P.ENDED,
    (_P.LIQUIDATION, _R.DISMISSED): _P.NONE,
}
WORDS: Final = {
    _R.BANKRUPTCY_ACCEPTED: Wording("人民法院受理破产申请", "a court accepted its bankruptcy"),
    _R.BANKRUPTCY_DECLARED: Wording("人民法院宣告破产", "a court declared it bankrupt"),
    _R.REORGANISATION_ORDERED: Wording("人民法院裁定重整", "a court ordered its reorganisation"),
    _R.REORGANISATION_ENDED: Wording("人民法院终止重整程序", "a court ended its reorganisation"),
    _R.COMPOSITION_ORDERED: Wording("人民法院裁定和解", "a court ordered a composition with its creditors"),
    _R.COMPOSITION_ENDED: Wording("人民法院终止和解程序", "a court ended the composition"),
    _R.BANKRUPTCY_ENDED: Wording("人民法院终结破产程序", "a court ended its bankruptcy"),
    _R.LIQUIDATION_ACCEPTED: Wording(
        "人民法院受理强制清算申请", "a court accepted its compulsory liquidation"
    ),
    _R.LIQUIDATION_ENDED: Wording("人民法院终结强制清算程序", "a court ended its compulsory liquidation"),
    _R.DISMISSED: Wording("人民法院驳回申请", "a court dismissed the application"),
}


@dataclass(frozen=True)
class CourtRuling:
    """A ruling as a court told of it; `proceedings` is where the enterprise stands with the courts after it."""

    id: UUID
    uscc: str
    kind: RulingKind
    number: str
    ruled_on: date
    court_uscc: str
    court_name: str
    administrator: str | None
    proceedings: Proceedings
    entered_at: datetime


def after(proceedings: Proceedings, kind: RulingKind) -> Proceedings:
    """Raises: RulingNotPossible."""
    target = TRANSITIONS.get((proceedings, kind))
    if target is None:
        raise RulingNotPossible(proceedings.value, kind.value)
    return target


def state_under(proceedings: Proceedings, state: EnterpriseState, *, by_court: bool) -> EnterpriseState:
    """What the register says under the proceedings. Whose licence was revoked stays so, whatever a court rules.

    `by_court`: a court brought it into this state; out of a liquidation of its own will no court brings it back.
    """
    winds_up = proceedings in (_P.BANKRUPT, _P.LIQUIDATION)
    if winds_up and state in IN_BUSINESS:
        return EnterpriseState.IN_LIQUIDATION
    goes_on = proceedings in (_P.NONE, _P.REORGANISATION, _P.COMPOSITION)
    if goes_on and by_court and state is EnterpriseState.IN_LIQUIDATION:
        return EnterpriseState.ACTIVE
    return state
