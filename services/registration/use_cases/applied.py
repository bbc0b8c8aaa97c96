"""On which day a change was applied for: an officer's time is not the applicant's."""

from datetime import datetime

from services.registration.domain.applied_in_time import AppliedOn
from services.registration.domain.filing import Filing, FilingStatus
from services.registration.use_cases.registrar_desk import RegistrarDesk
from shared.calendar import local_date

_SUBMITTED = frozenset({FilingStatus.UNDER_REVIEW, FilingStatus.APPROVED})


def applied_on(filing: Filing, now: datetime, desk: RegistrarDesk) -> AppliedOn:
    """The day of the submission, today for what is not submitted yet."""
    at = filing.submitted_at if filing.status in _SUBMITTED else now
    return AppliedOn(local_date(at), desk.calendar)
