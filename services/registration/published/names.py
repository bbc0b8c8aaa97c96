"""Events about names: reserved, given up; disputed and ruled on."""

from datetime import UTC, datetime
from typing import Final

from pydantic import Field

from services.registration.domain.name_dispute import DisputeStatus, NameDispute
from services.registration.domain.name_reservation import NameReservation
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

MADE: Final = EventType("registration", "name_reservation", "made")
REMINDED: Final = EventType("registration", "name_reservation", "reminded")
RELEASED: Final = EventType("registration", "name_reservation", "released")
LAPSED: Final = EventType("registration", "name_reservation", "lapsed")
DISPUTED: Final = EventType("registration", "name_dispute", "submitted")
TAKEN_UP: Final = EventType("registration", "name_dispute", "accepted")
REJECTED: Final = EventType("registration", "name_dispute", "rejected")
CLOSED: Final = EventType("registration", "name_dispute", "closed")
OVERDUE: Final = EventType("registration", "name_dispute", "overdue")
RULED: Final = EventType("registration", "name", "ruled")
WITHDRAWN: Final = EventType("registration", "name", "withdrawn")


class ReservationTold(Payload):
    """A name is kept for an applicant until an instant."""

    reservation_id: str
    applicant: str = Field(description="Opaque id of the person, or credit code of the enterprise")
    name: str
    reserved_until: datetime


class DisputeTold(Payload):
    """Which enterprise disputes whose name, and where that stands."""

    dispute_id: str
    applicant: str = Field(description="Opaque id of the person, or credit code of the enterprise, who asked")
    claimant_uscc: str
    respondent_uscc: str
    respondent_name: str
    status: DisputeStatus
    due_at: datetime | None = Field(description="When what is next is due: taking it up, the ruling")
    reason_zh: str | None
    reason_en: str | None


class NameRuled(Payload):
    """The registrar ruled on a name: it may stay, or its use must stop and it is changed by a day."""

    uscc: str
    name: str
    dispute_id: str
    claimant_uscc: str
    is_to_stop: bool
    change_by: datetime | None
    reason_zh: str
    reason_en: str


class NameWithdrawn(Payload):
    """A name that had to be changed was not: the credit code stands in for it from now on."""

    uscc: str
    name: str = Field(description="The name that is withdrawn")
    dispute_id: str
    withdrawn_at: datetime


def reservation_told(kind: EventType, one: NameReservation) -> Announcement:
    """Tell what became of a reservation."""
    payload = ReservationTold(
        reservation_id=str(one.id),
        applicant=one.applicant,
        name=one.wish.name.full,
        reserved_until=one.reserved_until,
    )
    return Announcement(kind, str(one.id), payload)


def dispute_told(kind: EventType, one: NameDispute, due_at: datetime | None) -> Announcement:
    """Tell where a dispute stands."""
    payload = DisputeTold(
        dispute_id=str(one.id),
        applicant=one.applicant,
        claimant_uscc=one.claimant_uscc,
        respondent_uscc=one.respondent_uscc,
        respondent_name=one.respondent_name,
        status=one.status,
        due_at=due_at,
        reason_zh=one.reason.zh if one.reason else None,
        reason_en=one.reason.en if one.reason else None,
    )
    return Announcement(kind, str(one.id), payload)


def name_ruled(one: NameDispute, change_by: datetime | None) -> Announcement:
    """Tell the ruling to whoever goes by the name."""
    payload = NameRuled(
        uscc=one.respondent_uscc,
        name=one.respondent_name,
        dispute_id=str(one.id),
        claimant_uscc=one.claimant_uscc,
        is_to_stop=one.status is DisputeStatus.STOP_USE,
        change_by=change_by,
        reason_zh=one.reason.zh if one.reason else "",
        reason_en=one.reason.en if one.reason else "",
    )
    return Announcement(RULED, one.respondent_uscc, payload)


def name_withdrawn(one: NameDispute, at: datetime) -> Announcement:
    """Tell that the name is no more."""
    payload = NameWithdrawn(
        uscc=one.respondent_uscc, name=one.respondent_name, dispute_id=str(one.id), withdrawn_at=at
    )
    return Announcement(WITHDRAWN, one.respondent_uscc, payload)


_RESERVATION: Final = ReservationTold(
    reservation_id="0198c0de-0000-7000-8000-000000000011",
    applicant=examples.APPLICANT,
    name="永济市蒲津渡餐饮有限公司",
    reserved_until=datetime(2026, 5, 2, 16, tzinfo=UTC),
)
_CLAIMANT: Final = "91140881MAE0000A4Y"
_DISPUTE: Final = DisputeTold(
    dispute_id="0198c0de-0000-7000-8000-000000000012",
    applicant=_CLAIMANT,
    claimant_uscc=_CLAIMANT,
    respondent_uscc=examples.USCC,
    respondent_name="永济市蒲津渡餐饮有限公司",
    status=DisputeStatus.SUBMITTED,
    due_at=datetime(2026, 3, 9, 10, tzinfo=UTC),
    reason_zh=None,
    reason_en=None,
)
_REASON: Final = {"reason_zh": "足以造成公众误认", "reason_en": "it misleads the public"}

PUBLISHED: tuple[Published, ...] = (
    Published(MADE, ReservationTold, _RESERVATION, "A name was reserved."),
    Published(REMINDED, ReservationTold, _RESERVATION, "The reservation of a name ends soon."),
    Published(RELEASED, ReservationTold, _RESERVATION, "Whoever reserved a name gave it back."),
    Published(LAPSED, ReservationTold, _RESERVATION, "The reservation of a name ran out."),
    Published(DISPUTED, DisputeTold, _DISPUTE, "An enterprise asked for a ruling on another one's name."),
    Published(
        TAKEN_UP,
        DisputeTold,
        _DISPUTE.model_copy(update={"status": DisputeStatus.ACCEPTED}),
        "The registrar took up a dispute over a name.",
    ),
    Published(
        REJECTED,
        DisputeTold,
        _DISPUTE.model_copy(update={"status": DisputeStatus.REJECTED, "due_at": None, **_REASON}),
        "The registrar did not take up a dispute over a name.",
    ),
    Published(
        CLOSED,
        DisputeTold,
        _DISPUTE.model_copy(update={"status": DisputeStatus.SETTLED, "due_at": None}),
        "A dispute over a name is over: settled, withdrawn, the name changed, or who had it gone.",
    ),
    Published(OVERDUE, DisputeTold, _DISPUTE, "The registrar is late with a dispute over a name."),
    Published(
        RULED,
        NameRuled,
        NameRuled(
            uscc=examples.USCC,
            name="永济市蒲津渡餐饮有限公司",
            dispute_id="0198c0de-0000-7000-8000-000000000012",
            claimant_uscc=_CLAIMANT,
            is_to_stop=True,
            change_by=datetime(2026, 4, 1, 10, tzinfo=UTC),
            reason_zh="足以造成公众误认",
            reason_en="it misleads the public",
        ),
        "The registrar ruled on a name.",
    ),
    Published(
        WITHDRAWN,
        NameWithdrawn,
        NameWithdrawn(
            uscc=examples.USCC,
            name="永济市蒲津渡餐饮有限公司",
            dispute_id="0198c0de-0000-7000-8000-000000000012",
            withdrawn_at=examples.AT,
        ),
        "A name that had to be changed in time was not: the credit code stands in for it.",
    ),
)
