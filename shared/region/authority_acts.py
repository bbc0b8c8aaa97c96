"""What the city says of acts against an enterprise's will: forced deregistration, false registrations, courts."""

from typing import Annotated

from pydantic import Field

from shared.region.facts import Fact
from shared.region.names import AgencyRef, LimitRef


class AuthorityRules(Fact):
    """Times as named limits; `courts` are the agencies whose rulings on enterprises are taken."""

    forced_after: LimitRef
    forced_notice: LimitRef
    forced_restoration: LimitRef
    acceptance: LimitRef
    investigation: LimitRef
    investigation_extension: LimitRef
    publication: LimitRef
    courts: Annotated[tuple[AgencyRef, ...], Field(max_length=20)]
