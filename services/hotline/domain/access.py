"""Who stands in which relation to a ticket, and what each relation may do."""

from dataclasses import dataclass
from enum import StrEnum

from services.hotline.domain.desk import DeskRules
from services.hotline.domain.ticket import Ticket
from shared.security.office import Office, within


class Role(StrEnum):
    """A caller's relation to a ticket."""

    REQUESTER = "requester"
    UNIT = "unit"
    CENTRE = "centre"
    SYSTEM = "system"


@dataclass(frozen=True)
class Viewer:
    """Who calls: `subject` is opaque, `agency` the credit code of the agency that the caller works for.

    `is_system` is True for a client that speaks for itself; a person calls in the own name, for another person or for
    an enterprise. `on_behalf_of` is set where somebody acts for the subject.
    """

    subject: str
    agency: str | None
    is_system: bool
    reference: str
    client_id: str
    on_behalf_of: str | None = None
    office: Office | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the caller works for an agency or is a system: nobody in a matter of their own."""
        return self.agency is not None or self.is_system


@dataclass(frozen=True)
class Actor:
    """Who moves a ticket, in which role."""

    role: Role
    reference: str


SYSTEM = Actor(Role.SYSTEM, "system")
CONFIDENTIAL_REFERENCE = "confidential"


@dataclass(eq=False)
class TicketNotFound(Exception):
    """There is no such ticket, or its existence is not the caller's to know."""


@dataclass(eq=False)
class NotYourPart(Exception):
    """The caller may see the ticket, but this is another's to do."""

    allowed: Role


@dataclass(eq=False)
class RatingIsTheRequesters(Exception):
    """Only the person who asked rates, of their own will. Source: 晋城城区方案 #19 (自主真实意愿)."""


def roles_of(ticket: Ticket, viewer: Viewer, rules: DeskRules) -> frozenset[Role]:
    """Every relation of the caller to the ticket; none for a stranger and for an officer of another place.

    A ticket about no smaller place is the whole region's.
    """
    roles = set()
    if viewer.agency is None and ticket.requester == viewer.subject:
        roles.add(Role.REQUESTER)
    if not within(viewer.office, ticket.demand.place.code or rules.division_code):
        return frozenset(roles)
    if viewer.agency is not None and viewer.agency == ticket.agency_uscc:
        roles.add(Role.UNIT)
    if viewer.agency == rules.centre_uscc:
        roles.add(Role.CENTRE)
    return frozenset(roles)


def act_as(role: Role, ticket: Ticket, viewer: Viewer, rules: DeskRules) -> Actor:
    """Return the caller as actor; raises TicketNotFound for a stranger, NotYourPart for another relation.

    The requester of a confidential ticket acts without a name.
    """
    roles = roles_of(ticket, viewer, rules)
    if not roles:
        raise TicketNotFound
    if role not in roles:
        raise NotYourPart(role)
    is_hidden = role is Role.REQUESTER and ticket.demand.is_confidential
    return Actor(role, CONFIDENTIAL_REFERENCE if is_hidden else viewer.reference)
