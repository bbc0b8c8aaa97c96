"""What a filing for simple deregistration (简易注销登记申请) says."""

from dataclasses import dataclass
from typing import ClassVar

from services.registration.domain.exit_notice import Commitment
from services.registration.domain.filing_kinds import FilingContent, FilingKind


@dataclass(frozen=True)
class SimpleDeregistration(FilingContent):
    """The enterprise; an individual business, which gives no notice, commits here. `joint` ends its permits too.

    Source of `joint`: REG-31 (证照注销联合办).
    """

    kind: ClassVar[FilingKind] = FilingKind.SIMPLE_DEREGISTRATION

    uscc: str
    commitments: tuple[Commitment, ...] = ()
    joint: bool = False
