"""Events that the registration service publishes: the published language, versioned."""

from services.registration.published import access, enterprises, filings, licences
from shared.messaging.contracts import Published

PUBLISHED: tuple[Published, ...] = (
    *enterprises.PUBLISHED,
    *filings.PUBLISHED,
    *licences.PUBLISHED,
    *access.PUBLISHED,
)
