"""A decision of an authority that ends an enterprise's business, until it is set aside.

Sources: 市场主体登记管理条例 arts. 40 to 46; 公司法 arts. 229 and 241; 行政处罚法 art. 9 (吊销、责令关闭).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.register_acts import RegisterAct

# The state that each decision leads to.
CLOSES_AS: Final = {
    RegisterAct.LICENCE_REVOKED: EnterpriseState.REVOKED,
    RegisterAct.CLOSED_BY_ORDER: EnterpriseState.CLOSED,
    RegisterAct.REGISTRATION_REVOKED: EnterpriseState.ANNULLED,
    RegisterAct.FORCIBLY_DEREGISTERED: EnterpriseState.DEREGISTERED,
}
# From which states: an authority's penalty does not ask what business is left.
CLOSES_FROM: Final = {
    RegisterAct.LICENCE_REVOKED: frozenset(
        {EnterpriseState.ACTIVE, EnterpriseState.SUSPENDED, EnterpriseState.IN_LIQUIDATION}
    ),
    RegisterAct.CLOSED_BY_ORDER: frozenset(
        {EnterpriseState.ACTIVE, EnterpriseState.SUSPENDED, EnterpriseState.IN_LIQUIDATION}
    ),
    RegisterAct.REGISTRATION_REVOKED: frozenset(
        set(EnterpriseState)
        - {EnterpriseState.DEREGISTERED, EnterpriseState.MOVED_OUT, EnterpriseState.ANNULLED}
    ),
    RegisterAct.FORCIBLY_DEREGISTERED: frozenset(
        {EnterpriseState.REVOKED, EnterpriseState.CLOSED, EnterpriseState.ANNULLED}
    ),
}
AWAITING_EXIT: Final = CLOSES_FROM[RegisterAct.FORCIBLY_DEREGISTERED]
"""Without a licence, and still to be deregistered."""


@dataclass(frozen=True)
class Decision:
    """A decision as its authority made it; `decided_by` names the authority."""

    number: str
    decided_on: date
    decided_by: str
    basis: str


@dataclass(frozen=True)
class Closure:
    """A decision in the register: the version of the enterprise that it made, the bars that came with it."""

    id: UUID
    uscc: str
    act: RegisterAct
    decision: Decision
    version: int
    bars: tuple[UUID, ...]
    entered_by: str
    entered_at: datetime
    restored_at: datetime | None = None
