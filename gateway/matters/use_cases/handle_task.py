"""What a department does with its task (部门任务): read with shared facts, take, complete, send back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.matters.domain.life_cycles import TaskState
from gateway.matters.domain.model import Case, Task, TaskId
from gateway.matters.domain.shared_facts import Openness, SharedFact, facts_for
from gateway.matters.domain.tasks import complete, send_back, take
from gateway.matters.published import ACCESS
from gateway.matters.store.cases import CaseStore, Handler
from gateway.matters.use_cases.telling import tell
from gateway.matters.use_cases.themes import principal_facts
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.access import AccessRecorded
from shared.messaging.events import Announcement
from shared.region import Grant, RegionPack
from shared.security.principal import Principal

ENTERPRISE_RESOURCE = "registration.enterprise"


@dataclass(frozen=True)
class TaskFile:
    """A task with its matter and the facts that its department may read."""

    case: Case
    task: Task
    facts: tuple[SharedFact, ...]


def handler_of(caller: Principal, pack: RegionPack) -> Handler:
    """Whose tasks the caller handles: of the own agency, and as an officer of a smaller place those there."""
    office = caller.office
    is_whole = office is None or office.covers(pack.region.code)
    return Handler(caller.agency, None if is_whole or office is None else office.region)


async def read_task(
    task_id: UUID, reader: Principal, pack: RegionPack, uow: UnitOfWork, now: datetime
) -> TaskFile:
    """Raises: TaskNotFound. A read of protected facts is announced in the same transaction."""
    store = CaseStore(uow.session)
    case = await store.read(await store.matter_of_task(task_id, handler_of(reader, pack)))
    task = case.task(TaskId(task_id))
    grants = _grants(pack, task.agency_uscc, now)
    resource = pack.resource(ENTERPRISE_RESOURCE)
    facts = facts_for(
        task.receives,
        form=case.matter.form,
        known=_known(case, pack),
        openness={f"registration.{each.name}": Openness(each.field_class.value) for each in resource.fields},
        granted={f"registration.{name}" for grant in grants for name in grant.fields},
    )
    protected = [fact.key for fact in facts if fact.openness is not Openness.PUBLIC and not fact.is_withheld]
    if protected:
        uow.announce(_access(case, task, reader, grants, protected, now))
    return TaskFile(case, task, facts)


async def take_task(task_id: UUID, handler: Handler, uow: UnitOfWork, now: datetime) -> TaskFile:
    """Raises: TaskNotFound, ActionNotAllowed; so do the two others."""
    store = CaseStore(uow.session)
    case = await store.lock(await store.matter_of_task(task_id, handler))
    changed, happened = take(case, TaskId(task_id), now)
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    return TaskFile(changed, changed.task(TaskId(task_id)), ())


async def complete_task(
    task_id: UUID, handler: Handler, result: Mapping[str, Any], uow: UnitOfWork, now: datetime
) -> TaskFile:
    store = CaseStore(uow.session)
    case = await store.lock(await store.matter_of_task(task_id, handler))
    changed, happened = complete(case, TaskId(task_id), result, now)
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    return TaskFile(changed, changed.task(TaskId(task_id)), ())


async def return_task(
    task_id: UUID, handler: Handler, reason: str, uow: UnitOfWork, now: datetime
) -> TaskFile:
    store = CaseStore(uow.session)
    case = await store.lock(await store.matter_of_task(task_id, handler))
    changed, happened = send_back(case, TaskId(task_id), reason, now)
    await store.save(case, changed, happened, now)
    tell(changed, happened, uow, now)
    return TaskFile(changed, changed.task(TaskId(task_id)), ())


async def list_tasks(
    handler: Handler,
    *,
    state: TaskState | None,
    kind: str | None,
    after: UUID | None,
    limit: int,
    uow: UnitOfWork,
) -> list[tuple[Task, UUID]]:
    store = CaseStore(uow.session)
    found = await store.of_agency(
        handler, state=state.value if state else None, kind=kind, after=after, limit=limit
    )
    return [(task, matter_id) for task, matter_id in found]


def _grants(pack: RegionPack, agency_uscc: str, now: datetime) -> list[Grant]:
    """The agency's grants on the register's facts that have not ended."""
    agency = pack.agency_by_uscc(agency_uscc)
    return [
        grant
        for grant in pack.grants
        if agency is not None
        and grant.agency == agency.key
        and grant.resource == ENTERPRISE_RESOURCE
        and local_date(now) <= grant.until
    ]


def _known(case: Case, pack: RegionPack) -> dict[str, Any]:
    """What registration gave, and who stands for the enterprise: typed by nobody under these names."""
    matter = case.matter
    known: dict[str, Any] = {"registration.uscc": matter.uscc}
    if matter.established_on is not None:
        known["registration.established_on"] = matter.established_on.isoformat()
    return known | principal_facts(pack, pack.matter(matter.theme), matter.form)


def _access(
    case: Case, task: Task, reader: Principal, grants: list[Grant], protected: list[str], now: datetime
) -> Announcement:
    matter = case.matter
    key = matter.uscc or str(matter.id)
    payload = AccessRecorded.of(
        reader,
        resource=ENTERPRISE_RESOURCE,
        record_key=key,
        owner_subject=matter.applicant,
        fields=protected,
        purpose=grants[0].purpose if grants else task.kind,
        matter_id=str(matter.id),
        at=now,
    )
    return Announcement(ACCESS, key, payload)
