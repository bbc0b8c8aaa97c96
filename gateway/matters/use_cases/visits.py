"""Asking the applicant to come in person (现场办理): only where the law says so, and never unnoticed.

Source: GW-18 (不得强制要求申请人到现场办理).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.catalogue.items.public import item_version_in_force
from gateway.matters.domain.model import Case, Task, TaskId, VisitRequest
from gateway.matters.domain.tasks import ask_to_come
from gateway.matters.published import ACCESS
from gateway.matters.store.cases import CaseStore
from gateway.matters.use_cases.handle_task import Officer
from gateway.matters.use_cases.read_task import TaskFile, file_of
from gateway.matters.use_cases.settling import settle
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement

RESOURCE: Final = "gateway.task"
ACT: Final = "on_site_visit"


@dataclass(eq=False)
class VisitWithoutBasis(Exception):
    """The item records no legal basis on which somebody would have to come."""

    task_id: UUID


async def presence_basis(task_id: UUID, officer: Officer, uow: UnitOfWork, now: datetime) -> str | None:
    """The recorded basis on which the applicant may be asked to come, None where there is none.

    Raises: TaskNotFound.
    """
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, officer.handler))
    return await _basis(case, case.task(TaskId(task_id)), officer, uow, now)


async def request_visit(
    task_id: UUID, officer: Officer, reason: str, basis: str, uow: UnitOfWork, now: datetime
) -> TaskFile:
    """Raises: TaskNotFound, ActionNotAllowed."""
    store = CaseStore(uow.session)
    case = await store.lock(await store.matter_of_task(task_id, officer.handler))
    change = ask_to_come(case, TaskId(task_id), VisitRequest(reason, basis, now))
    changed = await settle(case, change, uow, now)
    return await file_of(changed, TaskId(task_id), (), uow)


async def record_refused_visit(task_id: UUID, officer: Officer, uow: UnitOfWork, now: datetime) -> None:
    """Tell the audit that somebody was to be made to come; in a transaction of its own, as the request fails."""
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, officer.handler))
    payload = AccessRecorded.of(
        officer.caller,
        resource=RESOURCE,
        record_key=str(task_id),
        owner_subject=case.matter.applicant,
        fields=(ACT,),
        purpose=case.task(TaskId(task_id)).kind,
        matter_id=str(case.matter.id),
        allowed=False,
        at=now,
    )
    uow.announce(Announcement(ACCESS, str(task_id), payload))


async def _basis(case: Case, task: Task, officer: Officer, uow: UnitOfWork, now: datetime) -> str | None:
    """What the item that the department carries out says today."""
    for theme in officer.pack.matters:
        for each in theme.tasks:
            if theme.key == case.matter.theme and each.key == task.kind and each.item is not None:
                version = await item_version_in_force(each.item, local_date(now), uow)
                return version.presence_basis if version else None
    return None
