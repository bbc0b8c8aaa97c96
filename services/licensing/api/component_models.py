"""Answers about components (单项许可)."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.licensing.api.texts import TextOut
from services.licensing.domain.commitment import FallbackReason, SignedCommitment
from services.licensing.domain.component import Component
from shared.web.fields import ResponseModel


class CommitmentOut(ResponseModel):
    """The three steps: notice told, commitment signed, permit issued (告知、承诺、发证)."""

    notice_version: str
    notice_told_at: datetime
    text: TextOut
    text_digest: str
    signed_at: datetime
    issued_at: datetime | None
    check_due_on: date | None

    @classmethod
    def of(cls, signed: SignedCommitment) -> "CommitmentOut":
        """From the domain."""
        return cls(
            notice_version=signed.notice_version,
            notice_told_at=signed.notice_told_at,
            text=TextOut.of(signed.text),
            text_digest=signed.text_digest,
            signed_at=signed.signed_at,
            issued_at=signed.issued_at,
            check_due_on=signed.check_due_on,
        )


class FallbackOut(ResponseModel):
    """Why the ordinary review takes place instead of a commitment."""

    code: str
    text: TextOut

    @classmethod
    def of(cls, reason: FallbackReason) -> "FallbackOut":
        """From the domain."""
        return cls(code=reason.value, text=TextOut.of(reason.wording))


class ComponentOut(ResponseModel):
    """One agency's part."""

    item: Annotated[str, Field(examples=["fire_check"])]
    agency_uscc: Annotated[str, Field(examples=["11140881MB9Y00083J"])]
    status: Annotated[str, Field(examples=["granted"])]
    accepted_at: datetime
    due_at: datetime
    comes_after: list[str]
    commitment: CommitmentOut | None
    fallback: FallbackOut | None
    decided_at: datetime | None
    decided_by: str | None
    reason: TextOut | None
    deciding_uscc: Annotated[
        str | None, Field(description="Credit code of the zone or window that decided in the agency's place")
    ]

    @classmethod
    def of(cls, component: Component) -> "ComponentOut":
        """From the domain."""
        return cls(
            item=component.item,
            agency_uscc=component.agency_uscc,
            status=component.status.value,
            accepted_at=component.accepted_at,
            due_at=component.due_at,
            comes_after=list(component.needs),
            commitment=CommitmentOut.of(component.commitment) if component.commitment else None,
            fallback=FallbackOut.of(component.fallback) if component.fallback else None,
            decided_at=component.decided_at,
            decided_by=component.decided_by,
            reason=TextOut.of(component.reason) if component.reason else None,
            deciding_uscc=component.deciding_uscc,
        )
