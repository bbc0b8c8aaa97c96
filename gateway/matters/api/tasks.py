"""Department tasks (部门任务): each agency sees and handles its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StringConstraints

from gateway.matters.api.answers import TaskOut, TaskSummaryOut
from gateway.matters.api.dependencies import Region, Staff, TaskHandler
from gateway.matters.domain.life_cycles import ActionNotAllowed, TaskState
from gateway.matters.store.cases import TaskNotFound
from gateway.matters.use_cases.handle_task import (
    complete_task,
    list_tasks,
    read_task,
    return_task,
    take_task,
)
from shared.security.access import requires
from shared.web.fields import Code, RequestModel, ShortText
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/tasks", route_class=ServiceRoute, tags=["tasks"])

HANDLE = requires("matters.task.handle")
ResultKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class CompletionIn(RequestModel):
    """What came of the task, for the applicant: numbers, places, dates."""

    result: Annotated[dict[ResultKey, ShortText], Field(max_length=20)] = Field(
        examples=[{"seal_number": "1408810012345", "pick_up_at": "市政务服务大厅"}]
    )


class ReturnIn(RequestModel):
    """Why the department cannot go on; the applicant reads it, so it says what to correct."""

    reason: ShortText = Field(examples=["印章种类与企业类型不符"])


@router.get("", dependencies=[HANDLE], summary="List the tasks of one's agency (任务列表)")
async def list_own(
    staff: Staff,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    status: Annotated[TaskState | None, Query(description="State of the task (状态)")] = None,
    kind: Annotated[Code | None, Query(description="Kind of task, as the theme has it (类型)")] = None,
) -> Page[TaskSummaryOut]:
    """Oldest first; an officer of a smaller place sees those there."""
    after = UUID(paged.after[0]) if paged.after else None
    tasks = await list_tasks(staff, state=status, kind=kind, after=after, limit=paged.fetch, uow=uow)
    shown = [TaskSummaryOut.of(task, matter_id) for task, matter_id in tasks]
    return paged.page(shown, lambda each: (each.id,), response)


@router.get("/{task_id}", dependencies=[HANDLE], summary="Read a task with its shared facts (任务详情)")
@refuses(TaskNotFound)
async def read_one(
    task_id: UUID, caller: Caller, region: Region, uow: InTransaction, now: Now, response: Response
) -> TaskOut:
    """Exactly what the region lets this task receive; reading personal facts is recorded."""
    response.headers["Cache-Control"] = "no-store"
    return TaskOut.of_file(await read_task(task_id, caller, region, uow, now), now)


@router.post("/{task_id}/taking", dependencies=[HANDLE], summary="Take a task (受理任务)")
@refuses(TaskNotFound, ActionNotAllowed)
async def take(task_id: UUID, handler: TaskHandler, uow: InTransaction, now: Now) -> TaskOut:
    """Once only."""
    return TaskOut.of_file(await take_task(task_id, handler, uow, now), now)


@router.post("/{task_id}/completion", dependencies=[HANDLE], summary="Complete a task (办结任务)")
@refuses(TaskNotFound, ActionNotAllowed)
async def complete(
    task_id: UUID, body: CompletionIn, handler: TaskHandler, uow: InTransaction, now: Now
) -> TaskOut:
    """The last one completes the matter."""
    return TaskOut.of_file(await complete_task(task_id, handler, body.result, uow, now), now)


@router.post("/{task_id}/return", dependencies=[HANDLE], summary="Send a task back (退回任务)")
@refuses(TaskNotFound, ActionNotAllowed)
async def send_back(
    task_id: UUID, body: ReturnIn, handler: TaskHandler, uow: InTransaction, now: Now
) -> TaskOut:
    """The matter returns to the applicant with the reason."""
    return TaskOut.of_file(await return_task(task_id, handler, body.reason, uow, now), now)
