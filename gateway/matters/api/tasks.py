"""Department tasks (部门任务): each agency sees and handles its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from gateway.matters.api.answers import HistoryOut
from gateway.matters.api.dependencies import ActingOfficer, Region, Staff
from gateway.matters.api.task_answers import TaskCountsOut, TaskOut, TaskSummaryOut
from gateway.matters.api.task_bodies import CompletionIn, RefusalIn, ReturnIn, VisitIn
from gateway.matters.domain.life_cycles import ActionNotAllowed, TaskState
from gateway.matters.domain.model import Refusal
from gateway.matters.domain.tasks import OutcomeNeeded
from gateway.matters.store.cases import TaskNotFound
from gateway.matters.store.task_queue import TaskFilters, TaskQueue
from gateway.matters.use_cases.demands import DemandNotPossible, MaterialOnFile
from gateway.matters.use_cases.handle_task import (
    complete_task,
    refuse_task,
    release_task,
    return_task,
    take_task,
)
from gateway.matters.use_cases.read_task import read_task, task_history
from gateway.matters.use_cases.visits import (
    VisitWithoutBasis,
    presence_basis,
    record_refused_visit,
    request_visit,
)
from shared.security.access import requires
from shared.web.backend import backend_of
from shared.web.fields import Code, Instant
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/tasks", route_class=ServiceRoute, tags=["tasks"])

HANDLE = requires("matters.task.handle")


@router.get("", dependencies=[HANDLE], summary="List the tasks of one's agency (任务列表)")
async def list_own(
    staff: Staff,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    status: Annotated[TaskState | None, Query(description="State of the task (状态)")] = None,
    kind: Annotated[Code | None, Query(description="Kind of task, as the theme has it (类型)")] = None,
    overdue: Annotated[bool | None, Query(description="Only late ones, or only others (是否超期)")] = None,
    due_before: Annotated[Instant | None, Query(description="Due before this instant (截止前)")] = None,
) -> Page[TaskSummaryOut]:
    """Oldest first; an officer of a smaller place sees those there."""
    after = UUID(paged.after[0]) if paged.after else None
    filters = TaskFilters(state=status, kind=kind, is_overdue=overdue, due_before=due_before)
    found = await TaskQueue(uow.session).of(staff, filters, after=after, limit=paged.fetch)
    shown = [TaskSummaryOut.of(each.task, each.matter_id) for each in found]
    return paged.page(shown, lambda each: (each.id,), response)


@router.get("/counts", dependencies=[HANDLE], summary="How many tasks there are in each state (任务统计)")
async def count_own(staff: Staff, uow: InTransaction) -> TaskCountsOut:
    """Of one's agency, in one's region."""
    queue = TaskQueue(uow.session)
    return TaskCountsOut.of(await queue.counts(staff), await queue.count_overdue(staff))


@router.get("/{task_id}", dependencies=[HANDLE], summary="Read a task with its shared facts (任务详情)")
@refuses(TaskNotFound)
async def read_one(
    task_id: UUID, caller: Caller, region: Region, uow: InTransaction, now: Now, response: Response
) -> TaskOut:
    """Exactly what the region lets this task receive; reading personal facts is recorded."""
    response.headers["Cache-Control"] = "no-store"
    return TaskOut.of_file(await read_task(task_id, caller, region, uow, now), now)


@router.get("/{task_id}/history", dependencies=[HANDLE], summary="What happened to a task (任务记录)")
@refuses(TaskNotFound)
async def read_history(task_id: UUID, officer: ActingOfficer, uow: InTransaction) -> list[HistoryOut]:
    """Oldest first."""
    found = await task_history(task_id, officer.handler, uow)
    return [HistoryOut.of(entry) for entry in found]


@router.post("/{task_id}/taking", dependencies=[HANDLE], summary="Take a task (受理任务)")
@refuses(TaskNotFound, ActionNotAllowed)
async def take(task_id: UUID, officer: ActingOfficer, uow: InTransaction, now: Now) -> TaskOut:
    """Once only: of two who take it at once, one has it."""
    return TaskOut.of_file(await take_task(task_id, officer, uow, now), now)


@router.post("/{task_id}/release", dependencies=[HANDLE], summary="Put a task back (释放任务)")
@refuses(TaskNotFound, ActionNotAllowed)
async def release(task_id: UUID, officer: ActingOfficer, uow: InTransaction, now: Now) -> TaskOut:
    """Somebody else of the department may take it; its clock runs on."""
    return TaskOut.of_file(await release_task(task_id, officer, uow, now), now)


@router.post("/{task_id}/completion", dependencies=[HANDLE], summary="Complete a task (办结任务)")
@refuses(TaskNotFound, ActionNotAllowed, OutcomeNeeded)
async def complete(
    task_id: UUID, body: CompletionIn, officer: ActingOfficer, uow: InTransaction, now: Now
) -> TaskOut:
    """With the files that were kept for it. The last one completes the matter."""
    return TaskOut.of_file(await complete_task(task_id, officer, body.result, uow, now), now)


@router.post("/{task_id}/return", dependencies=[HANDLE], summary="Send a task back (退回任务)")
@refuses(TaskNotFound, ActionNotAllowed, DemandNotPossible, MaterialOnFile)
async def send_back(
    task_id: UUID, body: ReturnIn, officer: ActingOfficer, uow: InTransaction, now: Now
) -> TaskOut:
    """The matter returns to the applicant with what is wrong. A material on file is not asked for again."""
    demands = [each.demand for each in body.findings]
    return TaskOut.of_file(await return_task(task_id, officer, body.reason, uow, now, demands), now)


@router.post(
    "/{task_id}/visit-requests",
    dependencies=[HANDLE],
    summary="Ask the applicant to come in person (要求到场)",
)
@refuses(TaskNotFound, ActionNotAllowed, VisitWithoutBasis)
async def ask_to_come(
    task_id: UUID, body: VisitIn, request: Request, officer: ActingOfficer, uow: InTransaction, now: Now
) -> TaskOut:
    """Only where the item records the law that demands it; a request without is refused and recorded."""
    basis = await presence_basis(task_id, officer, uow, now)
    if basis is None:
        own = backend_of(request).transactions
        await own.run(lambda apart: record_refused_visit(task_id, officer, apart, now))
        raise VisitWithoutBasis(task_id)
    return TaskOut.of_file(await request_visit(task_id, officer, body.reason, basis, uow, now), now)


@router.post("/{task_id}/refusal", dependencies=[HANDLE], summary="Refuse a task for good (不予办理)")
@refuses(TaskNotFound, ActionNotAllowed)
async def refuse_finally(
    task_id: UUID, body: RefusalIn, officer: ActingOfficer, uow: InTransaction, now: Now
) -> TaskOut:
    """With the legal basis; the other departments go on, and the applicant chooses what becomes of the rest."""
    refusal = Refusal(body.reason, body.legal_basis)
    return TaskOut.of_file(await refuse_task(task_id, officer, refusal, uow, now), now)
