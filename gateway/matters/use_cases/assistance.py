"""A named helper (专办人员) carries one matter for its applicant, and every look and act of theirs is recorded.

Source: GW-25 (全程帮办代办); the mandate confines the token to the matter.
"""

from datetime import datetime
from uuid import UUID

from gateway.matters.domain.model import Case
from gateway.matters.published import ACCESS
from gateway.matters.store.cases import MatterNotFound
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal

RESOURCE = "gateway.matter"


def only_matter(caller: Principal) -> UUID | None:
    """The one matter that the caller may touch, where a mandate for one matter is all that they have."""
    return UUID(caller.facts.matter_id) if caller.facts.matter_id is not None else None


def own_case(case: Case, caller: Principal) -> Case:
    """The case, if it is the caller's and the mandate reaches it. Raises: MatterNotFound, for a stranger too."""
    is_own = case.matter.applicant == caller.subject
    if not is_own or only_matter(caller) not in (None, case.matter.id):
        raise MatterNotFound(case.matter.id)
    return case


def record_assistance(case: Case, caller: Principal, act: str, uow: UnitOfWork, now: datetime) -> None:
    """Tell the applicant's audit what a helper did; an applicant's own acts are no readings of another's data."""
    if caller.facts.mandate_id is None:
        return
    key = str(case.matter.id)
    payload = AccessRecorded.of(
        caller,
        resource=RESOURCE,
        record_key=key,
        owner_subject=case.matter.applicant,
        fields=("form",),
        purpose=f"assisted_{act}",
        matter_id=key,
        at=now,
    )
    uow.announce(Announcement(ACCESS, key, payload))
