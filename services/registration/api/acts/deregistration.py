"""The filing for ordinary deregistration (注销登记申请) as JSON."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.domain.acts.deregistration import Deregistration
from services.registration.domain.filing import Filing
from services.registration.domain.liquidation import ExitReason
from shared.web.fields import CivilDate, Flag, UsccField

Ruling = Annotated[str, StringConstraints(min_length=2, max_length=100)]


class DeregistrationIn(ContentIn):
    """A filing for deregistration (注销登记申请); liquidation and tax clearance are with the register already."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "deregistration",
                    "uscc": "91140881MAE000002E",
                    "reason": "resolution",
                    "decided_on": "2026-02-24",
                }
            ]
        }
    )

    kind: Literal["deregistration"]
    uscc: UsccField
    reason: ExitReason
    decided_on: CivilDate = Field(description="The day of the resolution or decision to end it")
    court_ruling: Ruling | None = Field(
        None, description="The ruling that ended its bankruptcy (终结裁定文号)"
    )
    joint: Flag = Field(False, description="Its permits end with it (证照注销联合办)")

    def content(self) -> Deregistration:
        """As the domain knows it."""
        return Deregistration(self.uscc, self.reason, self.decided_on, self.court_ruling, self.joint)

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        content = filing.content
        assert isinstance(content, Deregistration)  # noqa: S101 - the kind says so
        return cls(
            kind="deregistration",
            matter_id=filing.matter_id,
            uscc=content.uscc,
            reason=content.reason,
            decided_on=content.decided_on,
            court_ruling=content.court_ruling,
            joint=content.joint,
        )


class DeregistrationFilingIn(Envelope, DeregistrationIn):
    """A new filing for deregistration."""
