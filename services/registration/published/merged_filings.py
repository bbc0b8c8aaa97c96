"""The event about a filing that the business licence stands for (多证合一): its department files it, nobody applies."""

from datetime import datetime
from typing import Final

from services.registration.domain.licence import Licence, MergedFiling
from services.registration.published import examples
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

SENT: Final = EventType("registration", "merged_filing", "sent")


class MergedFilingSent(Payload):
    """An enterprise was established: this filing of the department is done with its licence.

    What to file stands in the register under `uscc`; everything public came with `enterprise.registered`.
    """

    uscc: str
    filing: str
    name_zh: str
    name_en: str
    agency_uscc: str
    licence_identifier: str
    established_at: datetime


def merged_filing_sent(filing: MergedFiling, licence: Licence) -> Announcement:
    """Tell a department that its filing is merged into the licence."""
    payload = MergedFilingSent(
        uscc=licence.uscc,
        filing=filing.key,
        name_zh=filing.name.zh,
        name_en=filing.name.en,
        agency_uscc=filing.agency_uscc,
        licence_identifier=licence.identifier,
        established_at=licence.issued_at,
    )
    return Announcement(SENT, licence.uscc, payload)


PUBLISHED: tuple[Published, ...] = (
    Published(
        SENT,
        MergedFilingSent,
        MergedFilingSent(
            uscc=examples.USCC,
            filing="social_insurance_registration",
            name_zh="社会保险登记",
            name_en="Social insurance registration",
            agency_uscc="11140881MB9Y000592",
            licence_identifier=examples.LICENCE,
            established_at=examples.AT,
        ),
        "A filing merged into the business licence is sent to its department (多证合一)",
    ),
)
