"""The hand-over of an enterprise from one registrar to another (迁移档案移交): one table of transitions.

Source: 市场主体登记管理条例 art. 27: asked for at the new registrar before moving; the old one may keep the file back
for a just reason only.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.kinds import EnterpriseState
from services.registration.domain.relocation_errors import HandOverNotAllowed
from services.registration.domain.wording import Wording
from shared.calendar import DeadlineLedger


class Direction(StrEnum):
    """Into this register (迁入) or out of it (迁出)."""

    IN = "in"
    OUT = "out"


class HandOverStatus(StrEnum):
    """Where it stands. Handed over: the enterprise is in the new register; completed: its paper files too."""

    REQUESTED = "requested"
    HANDED_OVER = "handed_over"
    COMPLETED = "completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"


class HandOverAction(StrEnum):
    """What can happen to it."""

    HAND_OVER = "hand_over"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    MOVE_PAPER_FILES = "move_paper_files"


_REQUESTED, _HANDED_OVER = HandOverStatus.REQUESTED, HandOverStatus.HANDED_OVER
TRANSITIONS: Final = {
    (_REQUESTED, HandOverAction.HAND_OVER): HandOverStatus.HANDED_OVER,
    (_REQUESTED, HandOverAction.REFUSE): HandOverStatus.REFUSED,
    (_REQUESTED, HandOverAction.WITHDRAW): HandOverStatus.WITHDRAWN,
    (_HANDED_OVER, HandOverAction.TAKE_BACK): HandOverStatus.TAKEN_BACK,
    (_HANDED_OVER, HandOverAction.MOVE_PAPER_FILES): HandOverStatus.COMPLETED,
}


class MatterKind(StrEnum):
    """What is open about an enterprise that wants to move (未办结事项)."""

    IDENTITY = "identity"  # 申请人与登记信息不符
    STATE = "state"  # 非正常状态
    FILING = "filing"  # 未办结登记申请
    ABNORMAL_LIST = "abnormal_list"  # 经营异常名录
    EXIT = "exit"  # 正在办理注销
    CASE = "case"  # 正在调查的案件


@dataclass(frozen=True)
class OpenMatter:
    """One of them, in words; `reference` is by which it is known here."""

    kind: MatterKind
    text: Wording
    reference: str | None = None


@dataclass(frozen=True)
class Refused:
    """Why the file is kept back: one of the city's reasons, and the words of whoever decided."""

    code: str
    reason: Wording


@dataclass(frozen=True)
class HandOver:
    """One enterprise on its way between this registrar and another; `version` counts every change.

    `filing_id` is the filing here for which it was asked, `reference` how the other registrar calls its own part.
    `division_code` and `address` are where the enterprise goes. `left_as` is the state in which it left this register.
    """

    id: UUID
    direction: Direction
    status: HandOverStatus
    version: int
    uscc: str
    name: str
    other_registrar: str
    division_code: str
    address: str
    filing_id: UUID | None
    reference: str | None
    open_matters: tuple[OpenMatter, ...]
    clock: DeadlineLedger
    requested_at: datetime
    handed_over_at: datetime | None = None
    left_as: EnterpriseState | None = None
    paper_files_due_on: date | None = None
    paper_files_moved_on: date | None = None
    refused: Refused | None = None


def advance(hand_over: HandOver, action: HandOverAction) -> HandOver:
    """Return it after `action`. Raises: HandOverNotAllowed where its status does not know it."""
    target = TRANSITIONS.get((hand_over.status, action))
    if target is None:
        raise HandOverNotAllowed(hand_over.status.value, action.value)
    return replace(hand_over, status=target, version=hand_over.version + 1)
