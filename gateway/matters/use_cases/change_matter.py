"""What the applicant does with a matter: read it, correct the form, withdraw."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.matters.domain.model import Case
from gateway.matters.domain.progress import ask_back, resubmit
from gateway.matters.store.cases import CaseStore
from gateway.matters.use_cases.assistance import own_case, record_assistance
from gateway.matters.use_cases.form_checks import FormNotAccepted, check_form
from gateway.matters.use_cases.telling import tell
from gateway.matters.use_cases.themes import (
    build_requests,
    changed_since_registration,
    division_of,
    find_theme,
)
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class ResubmitForm:
    matter_id: UUID
    caller: Principal
    form: dict[str, Any]
    commitments: tuple[str, ...]


async def read_matter(matter_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, for a stranger too. A helper's look is recorded."""
    case = own_case(await CaseStore(uow.session).read(matter_id), caller)
    record_assistance(case, caller, "reading", uow, now)
    return case


async def resubmit_form(
    command: ResubmitForm,
    pack: RegionPack,
    check_version: Callable[[int], None],
    uow: UnitOfWork,
    now: datetime,
) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed, FormNotAccepted, and what `check_version` raises."""
    store = CaseStore(uow.session)
    case = own_case(await store.lock(command.matter_id), command.caller)
    check_version(case.matter.version)
    theme = find_theme(pack, case.matter.theme)
    check_form(pack, theme, command.form, command.commitments)
    if case.matter.uscc is not None:
        faults = changed_since_registration(pack, theme, case.matter.form, command.form)
        if faults:
            raise FormNotAccepted(faults)
    requests = build_requests(pack, theme, case.matter, command.form, command.commitments)
    case = replace(case, matter=replace(case.matter, division_code=division_of(requests)))
    changed, happened = resubmit(
        case, form=command.form, commitments=command.commitments, requests=requests, now=now
    )
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    record_assistance(changed, command.caller, "correction", uow, now)
    return changed


async def withdraw_matter(matter_id: UUID, caller: Principal, uow: UnitOfWork, now: datetime) -> Case:
    """Raises: MatterNotFound, ActionNotAllowed."""
    store = CaseStore(uow.session)
    case = own_case(await store.lock(matter_id), caller)
    changed, happened = ask_back(case, now)
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    record_assistance(changed, caller, "withdrawal", uow, now)
    return changed
