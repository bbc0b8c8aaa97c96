"""What a department does with its task (部门任务): take, put back, complete, send back, keep a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.materials.public import HandIn, MaterialRef, MediaType, add_result
from gateway.matters.domain.life_cycles import ActionNotAllowed, TaskState
from gateway.matters.domain.model import Case, Change, Refusal, TaskId
from gateway.matters.domain.tasks import Demand, complete, refuse, release, send_back, take
from gateway.matters.store.cases import CaseStore, Handler
from gateway.matters.use_cases.demands import check_demands
from gateway.matters.use_cases.read_task import TaskFile, file_of, handler_of
from gateway.matters.use_cases.settling import settle
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.principal import Principal


@dataclass(frozen=True)
class Officer:
    """Who acts for a department: the caller, whose tasks these are, and the region's rules."""

    caller: Principal
    handler: Handler
    pack: RegionPack

    @classmethod
    def of(cls, caller: Principal, pack: RegionPack) -> "Officer":
        return cls(caller, handler_of(caller, pack), pack)


@dataclass(frozen=True)
class ResultFile:
    """What the department made, to be kept with the task."""

    kind: str
    name: str
    media_type: MediaType
    content: bytes


async def take_task(task_id: UUID, officer: Officer, uow: UnitOfWork, now: datetime) -> TaskFile:
    """Raises: TaskNotFound, ActionNotAllowed; so do all others. Of two that take it one succeeds."""
    case = await _locked(task_id, officer, uow)
    change = take(case, TaskId(task_id), officer.caller.subject, now)
    return await _kept(case, change, task_id, uow, now)


async def release_task(task_id: UUID, officer: Officer, uow: UnitOfWork, now: datetime) -> TaskFile:
    case = await _locked(task_id, officer, uow)
    return await _kept(case, release(case, TaskId(task_id)), task_id, uow, now)


async def complete_task(
    task_id: UUID, officer: Officer, result: Mapping[str, Any], uow: UnitOfWork, now: datetime
) -> TaskFile:
    case = await _locked(task_id, officer, uow)
    return await _kept(case, complete(case, TaskId(task_id), result, now), task_id, uow, now)


async def return_task(
    task_id: UUID,
    officer: Officer,
    reason: str,
    uow: UnitOfWork,
    now: datetime,
    demands: Sequence[Demand] = (),
) -> TaskFile:
    """Raises also: MaterialOnFile, DemandNotPossible."""
    case = await _locked(task_id, officer, uow)
    await check_demands(case, case.task(TaskId(task_id)), demands, uow)
    return await _kept(case, send_back(case, TaskId(task_id), reason, now, demands), task_id, uow, now)


async def refuse_task(
    task_id: UUID, officer: Officer, refusal: Refusal, uow: UnitOfWork, now: datetime
) -> TaskFile:
    """A final no with its legal basis: the others go on, and the applicant chooses."""
    case = await _locked(task_id, officer, uow)
    return await _kept(case, refuse(case, TaskId(task_id), refusal, now), task_id, uow, now)


async def keep_result(
    task_id: UUID, officer: Officer, result: ResultFile, uow: UnitOfWork, now: datetime
) -> MaterialRef:
    """Keep what the department made, while it works on the task. Raises also: FileNotTaken."""
    case = await _locked(task_id, officer, uow)
    task = case.task(TaskId(task_id))
    if task.state is not TaskState.TAKEN:
        raise ActionNotAllowed(task.state.value, "keep_result")
    command = HandIn(
        owner=task.agency_uscc,
        kind=result.kind,
        name=result.name,
        media_type=result.media_type,
        content=result.content,
        handed_in_by=officer.caller.reference,
    )
    return await add_result(command, str(case.matter.id), task.kind, uow, now)


async def _locked(task_id: UUID, officer: Officer, uow: UnitOfWork) -> Case:
    store = CaseStore(uow.session)
    return await store.lock(await store.matter_of_task(task_id, officer.handler))


async def _kept(case: Case, change: Change, task_id: UUID, uow: UnitOfWork, now: datetime) -> TaskFile:
    changed = await settle(case, change, uow, now)
    return await file_of(changed, TaskId(task_id), (), uow)
