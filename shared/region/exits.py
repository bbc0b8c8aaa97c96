"""What the city says of enterprises that leave of their own will (注销): notices, claims, decisions."""

from typing import Annotated, Literal

from pydantic import Field

from shared.region.facts import Fact, Record
from shared.region.names import AgencyRef, LimitRef


class SimpleExitRules(Record):
    """Simple deregistration (简易注销); `tries` is how often notice may be given when each was objected to."""

    notice: LimitRef
    application: LimitRef
    warning: LimitRef
    hearing: LimitRef
    decision: LimitRef
    decision_counts_from: Literal["notice_end", "application"]
    tries: Annotated[int, Field(ge=1, le=10)]


class OrdinaryExitRules(Record):
    """Ordinary deregistration (普通注销) with its liquidation."""

    group_notice: LimitRef
    claims: LimitRef
    claims_of_sole_proprietor: LimitRef
    application: LimitRef
    application_of_partners: LimitRef
    decision: LimitRef


class ExitRules(Fact):
    """All of it; `tax_agency` is who says that taxes are cleared."""

    simple: SimpleExitRules
    ordinary: OrdinaryExitRules
    tax_agency: AgencyRef
