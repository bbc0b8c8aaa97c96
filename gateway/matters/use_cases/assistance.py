"""Whose a matter is, and what others do with it: a named helper (专办人员), an officer at a counter.

Every look and act of theirs is recorded. Source: GW-25 (全程帮办代办); the mandate confines the token to the matter.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.matters.domain.confidential import open_form
from gateway.matters.domain.model import Case
from gateway.matters.domain.register_facts import FilingAgent
from gateway.matters.published import ACCESS
from gateway.matters.store.cases import MatterNotFound
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.security.principal import Principal

RESOURCE: Final = "gateway.matter"
DRAFT_RESOURCE: Final = "gateway.draft"


def only_matter(caller: Principal) -> UUID | None:
    """The one matter that the caller may touch, where a mandate for one matter is all that they have."""
    return UUID(caller.facts.matter_id) if caller.facts.matter_id is not None else None


def is_helper(caller: Principal) -> bool:
    """Whether somebody else than the applicant calls, under a mandate."""
    return caller.facts.mandate_id is not None


def is_another(case: Case, caller: Principal) -> bool:
    """Whether the caller carries somebody else's matter: a helper, or an officer at a counter."""
    at_counter = caller.agency is not None and case.matter.applicant != caller.subject
    return is_helper(caller) or at_counter


def shown_to(case: Case, caller: Principal) -> Case:
    """The case as the caller sees it: what the applicant asked to be kept is not another's to see (保密要求)."""
    if not is_another(case, caller):
        return case
    return replace(case, matter=replace(case.matter, form=open_form(case.matter)))


def own_case(
    case: Case, caller: Principal, subject: str | None = None, agent: FilingAgent | None = None
) -> Case:
    """The case, if it is that of the subject, the caller's own otherwise, and the mandate reaches it.

    An enterprise's is also what was opened for it when it was registered already; an agent's only what it filed.
    Raises: MatterNotFound, for a stranger too.
    """
    matter, named = case.matter, subject or caller.subject
    is_own = matter.applicant == named or (matter.uscc == named and not case.makes_enterprise)
    is_filed_here = agent is None or agent == matter.agent
    if not is_own or not is_filed_here or only_matter(caller) not in (None, matter.id):
        raise MatterNotFound(matter.id)
    return case


def record_assistance(case: Case, caller: Principal, act: str, uow: UnitOfWork, now: datetime) -> None:
    """Tell the applicant's audit what another did; an applicant's own acts are no readings of another's data."""
    applicant, key = case.matter.applicant, str(case.matter.id)
    if is_helper(caller):
        uow.announce(_access(caller, applicant, key, f"assisted_{act}", RESOURCE, now))
    else:
        record_window(caller, applicant, key, act, uow, now, resource=RESOURCE)


def record_window(
    caller: Principal,
    applicant: str,
    key: str,
    act: str,
    uow: UnitOfWork,
    now: datetime,
    *,
    resource: str = DRAFT_RESOURCE,
) -> None:
    """The same for an officer at a counter, who acts for who came there."""
    if caller.agency is not None and applicant != caller.subject:
        uow.announce(_access(caller, applicant, key, f"window_{act}", resource, now))


def _access(
    caller: Principal, applicant: str, key: str, purpose: str, resource: str, now: datetime
) -> Announcement:
    payload = AccessRecorded.of(
        caller,
        resource=resource,
        record_key=key,
        owner_subject=applicant,
        fields=("form",),
        purpose=purpose,
        matter_id=key if resource == RESOURCE else None,
        at=now,
    )
    return Announcement(ACCESS, key, payload)
