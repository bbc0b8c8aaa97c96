"""Files of a task: what the applicant handed in, read by the department; what the department made."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from gateway.materials.public import (
    DOWNLOAD,
    UPLOAD,
    CaseMaterialOut,
    FileNotTaken,
    MaterialNotFound,
    file_answer,
    read_upload,
)
from gateway.matters.api.dependencies import ActingOfficer, Region
from gateway.matters.api.tasks import HANDLE
from gateway.matters.domain.life_cycles import ActionNotAllowed
from gateway.matters.store.cases import TaskNotFound
from gateway.matters.use_cases.handle_task import ResultFile, keep_result
from gateway.matters.use_cases.read_task import read_task_material, require_task
from shared.web.fields import Code
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/tasks", route_class=ServiceRoute, tags=["tasks"])


@router.post(
    "/{task_id}/results",
    status_code=201,
    dependencies=[HANDLE],
    summary="Keep a result of a task as a file (上传办理结果)",
    openapi_extra=UPLOAD,
)
@refuses(TaskNotFound, ActionNotAllowed, FileNotTaken)
async def keep_one(
    task_id: UUID,
    kind: Annotated[Code, Query(description="What it is (结果类型)", examples=["seal_certificate"])],
    request: Request,
    officer: ActingOfficer,
    uow: InTransaction,
    now: Now,
) -> CaseMaterialOut:
    """While the department works on the task; the applicant gets it when the task is complete."""
    await require_task(task_id, officer.handler, uow)
    upload = await read_upload(request, kind)
    result = ResultFile(kind, upload.name, upload.media_type, upload.content)
    return CaseMaterialOut.of(await keep_result(task_id, officer, result, uow, now))


@router.get(
    "/{task_id}/materials/{material_id}",
    dependencies=[HANDLE],
    summary="Get a file of a task (下载任务材料)",
    response_class=Response,
    responses=DOWNLOAD,
)
@refuses(TaskNotFound, MaterialNotFound)
async def download_one(
    task_id: UUID, material_id: UUID, caller: Caller, region: Region, uow: InTransaction, now: Now
) -> Response:
    """Reading what the applicant handed in is recorded."""
    return file_answer(await read_task_material(task_id, material_id, caller, region, uow, now))
