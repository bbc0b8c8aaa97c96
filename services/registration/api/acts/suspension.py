"""Filings about a suspension of business (歇业备案、恢复营业) as JSON."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.domain.acts.suspension import Resuming, Suspending
from services.registration.domain.filing import Filing
from services.registration.domain.suspension import SuspensionCause
from shared.web.fields import CivilDate, Flag, UsccField

PaperAddress = Annotated[str, StringConstraints(min_length=4, max_length=200)]


class SuspensionIn(ContentIn):
    """A suspension (歇业备案); of one that runs, the same first day and a later last one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "suspension",
                    "uscc": "91140881MAE000002E",
                    "cause": "natural_disaster",
                    "begins_on": "2026-04-01",
                    "until_on": "2027-03-31",
                    "employees_agreed": True,
                    "commitment": True,
                }
            ]
        }
    )

    kind: Literal["suspension"]
    uscc: UsccField
    cause: SuspensionCause
    begins_on: CivilDate
    until_on: CivilDate = Field(description="The last day of the suspension")
    employees_agreed: Flag
    commitment: Flag
    papers_to: PaperAddress | None = Field(None, description="Where legal papers are served meanwhile")

    def content(self) -> Suspending:
        """As the domain knows it."""
        return Suspending(**self.model_dump(exclude={"kind", "matter_id", *Envelope.model_fields}))

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        content = filing.content
        assert isinstance(content, Suspending)  # noqa: S101 - the kind says so
        return cls(
            kind="suspension",
            matter_id=filing.matter_id,
            uscc=content.uscc,
            cause=content.cause,
            begins_on=content.begins_on,
            until_on=content.until_on,
            employees_agreed=content.employees_agreed,
            commitment=content.commitment,
            papers_to=content.papers_to,
        )


class SuspensionFilingIn(Envelope, SuspensionIn):
    """A new suspension filing."""


class ResumptionIn(ContentIn):
    """Business again (恢复营业)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "resumption", "uscc": "91140881MAE000002E", "resumed_on": "2026-09-01"}]
        }
    )

    kind: Literal["resumption"]
    uscc: UsccField
    resumed_on: CivilDate = Field(description="The first day of business again")

    def content(self) -> Resuming:
        """As the domain knows it."""
        return Resuming(self.uscc, self.resumed_on)

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        content = filing.content
        assert isinstance(content, Resuming)  # noqa: S101 - the kind says so
        return cls(
            kind="resumption", matter_id=filing.matter_id, uscc=content.uscc, resumed_on=content.resumed_on
        )


class ResumptionFilingIn(Envelope, ResumptionIn):
    """A new filing to resume business."""
