"""The filing for simple deregistration (简易注销登记申请) as JSON."""

from typing import Literal, Self

from pydantic import ConfigDict, Field

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.api.exit_models import CommitmentIn, Commitments
from services.registration.domain.acts.simple_deregistration import SimpleDeregistration
from services.registration.domain.filing import Filing
from shared.web.fields import Flag, UsccField


class SimpleDeregistrationIn(ContentIn):
    """A filing for simple deregistration (简易注销登记申请); an individual business commits here, without notice."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "simple_deregistration", "uscc": "91140881MAE000002E"}]}
    )

    kind: Literal["simple_deregistration"]
    uscc: UsccField
    commitments: Commitments = Field(default_factory=list)
    joint: Flag = Field(False, description="Its permits end with it (证照注销联合办)")

    def content(self) -> SimpleDeregistration:
        """As the domain knows it."""
        return SimpleDeregistration(
            self.uscc, tuple(one.commitment() for one in self.commitments), self.joint
        )

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        content = filing.content
        assert isinstance(content, SimpleDeregistration)  # noqa: S101 - the kind says so
        return cls(
            kind="simple_deregistration",
            matter_id=filing.matter_id,
            uscc=content.uscc,
            commitments=[
                CommitmentIn(place=one.place, signed_on=one.signed_on) for one in content.commitments
            ],
            joint=content.joint,
        )


class SimpleDeregistrationFilingIn(Envelope, SimpleDeregistrationIn):
    """A new filing for simple deregistration."""
