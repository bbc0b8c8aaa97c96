"""What the city says of enterprises that leave of their own will: notices, claims, decisions."""

from dataclasses import dataclass
from enum import StrEnum

from shared.calendar import Limit


class CountsFrom(StrEnum):
    """From when the time for a simple deregistration counts; regions differ."""

    NOTICE_END = "notice_end"  # 公告期届满
    APPLICATION = "application"  # 提出申请


@dataclass(frozen=True)
class SimplePolicy:
    """Simple deregistration (简易注销): the notice, the time to apply after it, and how often it may be tried.

    `hearing` is how long departments may object to the end of an individual business, which publishes nothing.
    """

    notice: Limit
    application: Limit
    warning: Limit
    hearing: Limit
    decision: Limit
    counts_from: CountsFrom
    tries: int


@dataclass(frozen=True)
class OrdinaryPolicy:
    """Ordinary deregistration (普通注销): the liquidation's notices, the time to apply, the decision."""

    group_notice: Limit
    claims: Limit
    claims_of_sole_proprietor: Limit
    application: Limit
    application_of_partners: Limit
    decision: Limit


@dataclass(frozen=True)
class ExitPolicy:
    """All of it; `tax_uscc` is who says that the taxes are cleared."""

    simple: SimplePolicy
    ordinary: OrdinaryPolicy
    tax_uscc: str
