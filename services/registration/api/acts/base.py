"""What every filing's JSON has: which matter it belongs to; and a new one, how it comes in."""

from abc import abstractmethod
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.registration.domain.filing import Filing
from services.registration.domain.filing_kinds import FilingContent
from shared.identifiers.channel import Channel
from shared.web.fields import Code, Flag, RequestModel


class ContentIn(RequestModel):
    """What a filing says. Each act adds its `kind` and its own fields."""

    matter_id: UUID | None = None

    @abstractmethod
    def content(self) -> FilingContent:
        """As the domain knows it."""

    @classmethod
    @abstractmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""


class Envelope(RequestModel):
    """How a new filing comes in; without a word about it, through the portal and decided by rules."""

    channel: Channel = Channel.PORTAL
    on_behalf_of: Annotated[
        Code | None,
        Field(
            description="Who came to the counter of the window or zone that sends this (代收申请人), an opaque id"
        ),
    ] = None
    wants_person: Annotated[
        Flag, Field(description="Left to an officer, whatever the rules say (人工审查)")
    ] = False
