"""What the applicant does with a matter: read it, correct the form, withdraw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.matters.domain.model import Case
from gateway.matters.domain.progress import ask_back, resubmit
from gateway.matters.store.cases import CaseStore, MatterNotFound
from gateway.matters.use_cases.form_checks import FormNotAccepted, check_form
from gateway.matters.use_cases.telling import tell
from gateway.matters.use_cases.themes import build_requests, changed_since_registration, find_theme
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack


@dataclass(frozen=True)
class ResubmitForm:
    matter_id: UUID
    applicant: str
    form: dict[str, Any]
    commitments: tuple[str, ...]


async def read_matter(matter_id: UUID, applicant: str, uow: UnitOfWork) -> Case:
    """Raises: MatterNotFound, for a stranger too."""
    return _own(await CaseStore(uow.session).read(matter_id), applicant)


async def resubmit_form(
    command: ResubmitForm,
    pack: RegionPack,
    check_version: Callable[[int], None],
    uow: UnitOfWork,
    now: datetime,
) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed, FormNotAccepted, and what `check_version` raises."""
    store = CaseStore(uow.session)
    case = _own(await store.lock(command.matter_id), command.applicant)
    check_version(case.matter.version)
    theme = find_theme(pack, case.matter.theme)
    check_form(pack, theme, command.form, command.commitments)
    if case.matter.uscc is not None:
        faults = changed_since_registration(pack, theme, case.matter.form, command.form)
        if faults:
            raise FormNotAccepted(faults)
    requests = build_requests(pack, theme, case.matter.id, command.form, command.commitments)
    changed, happened = resubmit(
        case, form=command.form, commitments=command.commitments, requests=requests, now=now
    )
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    return changed


async def withdraw_matter(matter_id: UUID, applicant: str, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed."""
    store = CaseStore(uow.session)
    case = _own(await store.lock(matter_id), applicant)
    changed, happened = ask_back(case, now)
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    return changed


def _own(case: Case, applicant: str) -> Case:
    if case.matter.applicant != applicant:
        raise MatterNotFound(case.matter.id)
    return case
