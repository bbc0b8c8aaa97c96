"""Which tickets a list shows."""

from dataclasses import dataclass
from uuid import UUID

from services.hotline.domain.ticket import TicketKind, TicketState


@dataclass(frozen=True)
class TicketFilter:
    """All bounds hold together; none shows all that the caller may see.

    `division` is what was asked for, `region` where the officer works: both with all divisions inside.
    """

    requester: str | None = None
    agency: str | None = None
    state: TicketState | None = None
    kind: TicketKind | None = None
    is_supervised: bool | None = None
    matter_id: UUID | None = None
    division: str | None = None
    region: str | None = None
