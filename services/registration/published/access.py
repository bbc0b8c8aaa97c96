"""The event of a cross-department read of the register."""

from typing import Final

from services.registration.published import examples
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import EventType

ACCESSED: Final = EventType("registration", "access", "recorded")

PUBLISHED: tuple[Published, ...] = (
    Published(
        ACCESSED,
        AccessRecorded,
        AccessRecorded(
            reader="client:tax",
            client_id="tax",
            agency_uscc="11140881MB9Y000405",
            on_behalf_of=None,
            resource="registration.enterprise",
            record_key=examples.USCC,
            owner_subject="person-7c1d",
            fields=["legal_representative_name"],
            purpose="tax_registration",
            matter_id=examples.MATTER,
            grant_id="0198c0de-0000-7000-8000-000000000003",
            result="allowed",
            at=examples.AT,
        ),
        "Protected fields of an enterprise were asked for by somebody other than their owner.",
    ),
)
