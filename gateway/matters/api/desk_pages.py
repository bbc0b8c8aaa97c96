"""The task desk (任务工作台): pages for officers whose department has no system of its own.

Everything goes through the use cases of the API: the same facts, the same records of who read them, the same refusals.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.public import suite_pages
from gateway.materials.public import FileNotTaken, MaterialNotFound, MediaType, clean_name, file_answer
from gateway.matters.api.desk_forms import completion_in, kind_in, refusal_in, return_in, visit_in
from gateway.matters.api.desk_views import kinds_of, queue_rows, task_values
from gateway.matters.api.desk_wording import DESK_WORDING
from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.domain.model import Refusal
from gateway.matters.store.cases import TaskNotFound
from gateway.matters.store.task_queue import TaskFilters, TaskQueue
from gateway.matters.use_cases.demands import DemandNotPossible, MaterialOnFile
from gateway.matters.use_cases.handle_task import (
    Officer,
    ResultFile,
    complete_task,
    keep_result,
    refuse_task,
    release_task,
    return_task,
    take_task,
)
from gateway.matters.use_cases.read_task import read_task, read_task_material, task_history
from gateway.matters.use_cases.visits import (
    VisitWithoutBasis,
    presence_basis,
    record_refused_visit,
    request_visit,
)
from shared.database.unit_of_work import UnitOfWork
from shared.region import RegionPack
from shared.security.access import public
from shared.web.routes import InTransaction, Now

DESK: Final = suite_pages.OwnPage.DESK
SCOPE: Final = "matters.task.handle"
OWN_SESSION = public("the session's cookie says which officer it is; these pages take no token")
router = APIRouter(prefix="/desk", route_class=suite_pages.route_for(DESK), include_in_schema=False)

_TEMPLATES: Final = suite_pages.TemplateSet(Path(__file__).parent / "templates", DESK_WORDING)
_MOST_SHOWN: Final = 50
_CHOICES: Final = {
    "open": ("show_open", TaskFilters(is_open=True)),
    "late": ("show_late", TaskFilters(is_open=True, is_overdue=True)),
    "all": ("show_all", TaskFilters()),
}
# What a page says when something could not be done, and with which status.
_ALERTS: Final[Mapping[type[Exception], tuple[int, str]]] = {
    ActionNotAllowed: (409, "wrong_state"),
    DemandNotPossible: (400, "wrong_input"),
    ValidationError: (400, "wrong_input"),
    FileNotTaken: (400, "wrong_file"),
    MaterialOnFile: (422, "wrong_on_file"),
    VisitWithoutBasis: (422, "wrong_visit"),
}


@dataclass(frozen=True)
class Desk:
    """An officer at the desk."""

    request: Request
    uow: UnitOfWork
    now: datetime
    officer: Officer
    display_name: str
    english: bool

    @property
    def colon(self) -> str:
        return ": " if self.english else "："


@router.get("", dependencies=[OWN_SESSION])
async def queue_page(
    request: Request, uow: InTransaction, now: Now, show: str = "open", kind: str = ""
) -> Response:
    """What the officer's department has to do, the most urgent first."""
    chosen = show if show in _CHOICES else "open"
    return await _at_desk(request, uow, now, lambda desk: _queue(desk, chosen, kind))


@router.get("/tasks/{task_id}", dependencies=[OWN_SESSION])
async def task_page(
    task_id: UUID, request: Request, uow: InTransaction, now: Now, done: str = ""
) -> Response:
    """One task with what the department may see of it, and what it can do."""
    shown = f"done_{done}" if f"done_{done}" in DESK_WORDING else None
    return await _at_desk(request, uow, now, lambda desk: _task(desk, task_id, done=shown))


@router.get("/tasks/{task_id}/materials/{material_id}", dependencies=[OWN_SESSION])
async def download(
    task_id: UUID, material_id: UUID, request: Request, uow: InTransaction, now: Now
) -> Response:
    """A file of the task; reading what the applicant handed in is recorded."""

    async def file(desk: Desk) -> Response:
        officer = desk.officer
        return file_answer(
            await read_task_material(task_id, material_id, officer.caller, officer.pack, uow, now)
        )

    return await _at_desk(request, uow, now, file)


@router.post("/tasks/{task_id}/taking", dependencies=[OWN_SESSION])
async def take(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Take the task, if no colleague has."""

    async def act(desk: Desk, _: Mapping[str, str]) -> None:
        await take_task(task_id, desk.officer, uow, now)

    return await _acting(task_id, request, uow, now, "taken", act)


@router.post("/tasks/{task_id}/release", dependencies=[OWN_SESSION])
async def release(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Put the task back."""

    async def act(desk: Desk, _: Mapping[str, str]) -> None:
        await release_task(task_id, desk.officer, uow, now)

    return await _acting(task_id, request, uow, now, "released", act)


@router.post("/tasks/{task_id}/completion", dependencies=[OWN_SESSION])
async def complete(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Say what came of the task."""

    async def act(desk: Desk, fields: Mapping[str, str]) -> None:
        await complete_task(task_id, desk.officer, completion_in(fields).result, uow, now)

    return await _acting(task_id, request, uow, now, "completed", act)


@router.post("/tasks/{task_id}/return", dependencies=[OWN_SESSION])
async def send_back(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Send the matter back to the applicant with what is wrong."""

    async def act(desk: Desk, fields: Mapping[str, str]) -> None:
        body = return_in(fields)
        demands = [each.demand for each in body.findings]
        await return_task(task_id, desk.officer, body.reason, uow, now, demands)

    return await _acting(task_id, request, uow, now, "returned", act)


@router.post("/tasks/{task_id}/refusal", dependencies=[OWN_SESSION])
async def refuse(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """A final no, with its law."""

    async def act(desk: Desk, fields: Mapping[str, str]) -> None:
        body = refusal_in(fields)
        await refuse_task(task_id, desk.officer, Refusal(body.reason, body.legal_basis), uow, now)

    return await _acting(task_id, request, uow, now, "refused", act)


@router.post("/tasks/{task_id}/visit", dependencies=[OWN_SESSION])
async def ask_to_come(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Ask the applicant to come, where a law says so; trying it without is recorded with this answer."""

    async def act(desk: Desk, fields: Mapping[str, str]) -> None:
        body = visit_in(fields)
        basis = await presence_basis(task_id, desk.officer, uow, now)
        if basis is None:
            await record_refused_visit(task_id, desk.officer, uow, now)
            raise VisitWithoutBasis(task_id)
        await request_visit(task_id, desk.officer, body.reason, basis, uow, now)

    return await _acting(task_id, request, uow, now, "visit", act)


@router.post("/tasks/{task_id}/results", dependencies=[OWN_SESSION])
async def keep(task_id: UUID, request: Request, uow: InTransaction, now: Now) -> Response:
    """Keep a file that the department made."""
    fields, sent = await suite_pages.read_page_upload(request, "file")

    async def act(desk: Desk) -> None:
        if sent.media_type not in list(MediaType):
            raise FileNotTaken("media_type")
        kind = kind_in(fields)
        result = ResultFile(kind, clean_name(sent.name, kind), MediaType(sent.media_type), sent.content)
        await keep_result(task_id, desk.officer, result, uow, now)

    return await _at_desk(request, uow, now, lambda desk: _done(desk, task_id, "kept", act(desk)))


async def _at_desk(
    request: Request, uow: UnitOfWork, now: datetime, show: Callable[[Desk], Awaitable[Response]]
) -> Response:
    """Let an officer in. What is not theirs is not there."""
    visitor = await suite_pages.visitor_here(request, DESK, uow, now)
    principal = visitor.principal
    if principal.agency is None or SCOPE not in principal.scopes:
        return await _message(request, "no_access", 403)
    pack: RegionPack = request.app.state.region
    english = await suite_pages.speaks_english_here(request)
    desk = Desk(request, uow, now, Officer.of(principal, pack), visitor.display_name, english)
    try:
        return await show(desk)
    except (TaskNotFound, MaterialNotFound):
        return await _message(request, "task_absent", 404)


async def _acting(
    task_id: UUID,
    request: Request,
    uow: UnitOfWork,
    now: datetime,
    done: str,
    act: Callable[[Desk, Mapping[str, str]], Awaitable[None]],
) -> Response:
    fields = await suite_pages.read_page_form(request, uow)
    return await _at_desk(request, uow, now, lambda desk: _done(desk, task_id, done, act(desk, fields)))


async def _done(desk: Desk, task_id: UUID, done: str, act: Awaitable[None]) -> Response:
    """Show the task as it is then, or as it was with what stood in the way: a refusal changed nothing."""
    try:
        await act
    except tuple(_ALERTS) as refusal:
        status, alert = next(_ALERTS[kind] for kind in type(refusal).__mro__ if kind in _ALERTS)
        return await _task(desk, task_id, alert=alert, status=status)
    return RedirectResponse(f"/desk/tasks/{task_id}?done={done}", 303)


async def _queue(desk: Desk, show: str, kind: str) -> Response:
    officer = desk.officer
    queue = TaskQueue(desk.uow.session)
    filters = _CHOICES[show][1].of_kind(kind or None)
    queued = await queue.most_urgent(officer.handler, filters, _MOST_SHOWN + 1)
    counts = await queue.counts(officer.handler)
    agency = officer.pack.agency_by_uscc(officer.caller.agency or "")
    values: dict[str, Any] = {
        "agency": (agency.name.en if desk.english else agency.name.zh) if agency else officer.caller.agency,
        "display_name": desk.display_name,
        "waiting": counts.get("assigned", 0),
        "taken": counts.get("taken", 0),
        "overdue": await queue.count_overdue(officer.handler),
        "choices": list(_CHOICES),
        "words_of_choices": {choice: word for choice, (word, _) in _CHOICES.items()},
        "show": show,
        "kind": kind,
        "kinds": kinds_of(officer.pack, officer.caller.agency, desk.english),
        "tasks": queue_rows(queued[:_MOST_SHOWN], officer.caller.subject, desk.english),
        "is_cut": len(queued) > _MOST_SHOWN,
        "colon": desk.colon,
    }
    page = suite_pages.Page("desk.html", values, path="/desk", template_set=_TEMPLATES)
    return await suite_pages.show_page(page, desk.request)


async def _task(
    desk: Desk, task_id: UUID, *, done: str | None = None, alert: str | None = None, status: int = 200
) -> Response:
    officer = desk.officer
    file = await read_task(task_id, officer.caller, officer.pack, desk.uow, desk.now)
    history = await task_history(task_id, officer.handler, desk.uow)
    basis = await presence_basis(task_id, officer, desk.uow, desk.now)
    values = task_values(file, history, basis, officer.caller.subject, desk.english)
    values |= {"done": done, "alert": alert, "colon": desk.colon}
    page = suite_pages.Page(
        "desk_task.html", values, status, path=f"/desk/tasks/{task_id}", template_set=_TEMPLATES
    )
    return await suite_pages.show_page(page, desk.request)


async def _message(request: Request, heading: str, status: int) -> Response:
    values = {"heading": heading, "message": f"{heading}_text", "reason": None}
    page = suite_pages.Page("message.html", values, status, path="/desk", template_set=_TEMPLATES)
    return await suite_pages.show_page(page, request)
