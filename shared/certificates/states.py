"""States of an electronic certificate (证照状态) and the actions that lead from one to another.

Codes are those of the housing ministry's exchange of site-safety certificates: a sound model, not a national
list, so a city confirms them before it exchanges states with a provincial store.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CertificateState(StrEnum):
    """State by its code."""

    IN_FORCE = "01"
    SUSPENDED = "02"
    REVOKED = "03"
    CANCELLED = "04"
    LAPSED = "05"
    TRANSFERRED_OUT = "06"
    WITHDRAWN = "07"
    OTHER = "99"

    @property
    def name_zh(self) -> str:
        """The state as the field calls it."""
        return _NAMES_ZH[self]


_NAMES_ZH: Final = {
    CertificateState.IN_FORCE: "有效",
    CertificateState.SUSPENDED: "暂扣",
    CertificateState.REVOKED: "撤销",
    CertificateState.CANCELLED: "注销",
    CertificateState.LAPSED: "失效",
    CertificateState.TRANSFERRED_OUT: "办理转出",
    CertificateState.WITHDRAWN: "吊销",
    CertificateState.OTHER: "其他",
}


class CertificateAction(StrEnum):
    """What an authority does to a certificate."""

    SUSPEND = "suspend"
    RETURN = "return"
    REVOKE = "revoke"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    TRANSFER_OUT = "transfer_out"
    CANCEL_TRANSFER = "cancel_transfer"


_FORCE, _HELD = CertificateState.IN_FORCE, CertificateState.SUSPENDED

TRANSITIONS: Final = {
    (_FORCE, CertificateAction.SUSPEND): CertificateState.SUSPENDED,
    (_HELD, CertificateAction.RETURN): CertificateState.IN_FORCE,
    (_FORCE, CertificateAction.REVOKE): CertificateState.REVOKED,
    (_HELD, CertificateAction.REVOKE): CertificateState.REVOKED,
    (_FORCE, CertificateAction.CANCEL): CertificateState.CANCELLED,
    (_HELD, CertificateAction.CANCEL): CertificateState.CANCELLED,
    (_FORCE, CertificateAction.WITHDRAW): CertificateState.WITHDRAWN,
    (_HELD, CertificateAction.WITHDRAW): CertificateState.WITHDRAWN,
    (_FORCE, CertificateAction.EXPIRE): CertificateState.LAPSED,
    (_HELD, CertificateAction.EXPIRE): CertificateState.LAPSED,
    (_FORCE, CertificateAction.SUPERSEDE): CertificateState.LAPSED,
    (_FORCE, CertificateAction.TRANSFER_OUT): CertificateState.TRANSFERRED_OUT,
    (CertificateState.TRANSFERRED_OUT, CertificateAction.CANCEL_TRANSFER): CertificateState.IN_FORCE,
}


@dataclass(eq=False)
class CertificateActionNotAllowed(Exception):
    """The certificate is in a state that the action does not start from."""

    state: CertificateState
    action: CertificateAction

    def __str__(self) -> str:
        return f"{self.action.value} is refused in state {self.state.value}"


def next_state(state: CertificateState, action: CertificateAction) -> CertificateState:
    """Return the state after `action`; raises CertificateActionNotAllowed."""
    target = TRANSITIONS.get((state, action))
    if target is None:
        raise CertificateActionNotAllowed(state, action)
    return target
