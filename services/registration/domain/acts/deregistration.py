"""What a filing for ordinary deregistration (注销登记申请) says."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.registration.domain.filing_kinds import FilingContent, FilingKind
from services.registration.domain.liquidation import ExitReason


@dataclass(frozen=True)
class Deregistration(FilingContent):
    """The enterprise, why it ends and on whose decision of which day; `joint` ends its permits too.

    `court_ruling` is the number of the ruling that ended a bankruptcy. The liquidation's report and the clearance of
    taxes are with the register already.
    """

    kind: ClassVar[FilingKind] = FilingKind.DEREGISTRATION

    uscc: str
    reason: ExitReason
    decided_on: date
    court_ruling: str | None = None
    joint: bool = False
