"""Tasks out and results in by file (任务文件交换), for departments with neither a system nor the desk."""

from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.requests import Request

from gateway.matters.api.dependencies import ActingOfficer
from gateway.matters.api.task_answers import TaskOut
from gateway.matters.api.task_sheets import as_csv, as_ndjson, rows_of_csv, rows_of_ndjson
from gateway.matters.api.tasks import HANDLE
from gateway.matters.domain.sheets import SheetNotReadable
from gateway.matters.store.task_queue import TaskFilters, TaskQueue
from gateway.matters.use_cases.exchange_tasks import Fate, RowReport, take_in_results
from gateway.matters.use_cases.read_task import read_tasks
from shared.web.fields import Code, Instant, ResponseModel
from shared.web.openapi import refuses
from shared.web.paging import Paged
from shared.web.problems import MEDIA_UNSUPPORTED, Refusal
from shared.web.routes import InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/matters/v1/task-files", route_class=ServiceRoute, tags=["tasks"])


class FileFormat(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        return "text/csv" if self is FileFormat.CSV else "application/x-ndjson"


_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
_BOTH: Final = {each.media_type: _TEXT for each in FileFormat}


class RowReportOut(ResponseModel):
    """What became of one row of the file."""

    line: int = Field(examples=[2])
    task_id: str
    fate: Fate
    code: str | None = Field(description="Slug of the refusal", examples=["task-not-found"])

    @classmethod
    def of(cls, report: RowReport) -> "RowReportOut":
        return cls(line=report.line, task_id=report.task_id, fate=report.fate, code=report.code)


class FileReportOut(ResponseModel):
    """What became of a file, row by row; rows that nobody filled in are not counted."""

    applied: int
    unchanged: int
    refused: int
    rows: list[RowReportOut]

    @classmethod
    def of(cls, reports: list[RowReport]) -> "FileReportOut":
        counts = {fate: sum(report.fate is fate for report in reports) for fate in Fate}
        return cls(
            applied=counts[Fate.APPLIED],
            unchanged=counts[Fate.UNCHANGED],
            refused=counts[Fate.REFUSED],
            rows=[RowReportOut.of(report) for report in reports],
        )


@router.get(
    "",
    dependencies=[HANDLE],
    summary="The open tasks of one's agency as a file (导出任务)",
    response_class=Response,
    responses={200: {"description": "The file; `Link` leads to the next one", "content": _BOTH}},
)
async def export_tasks(
    officer: ActingOfficer,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    response: Response,
    kind: Annotated[Code | None, Query(description="Kind of task (类型)")] = None,
    since: Annotated[Instant | None, Query(description="Changed since this instant (变更起始)")] = None,
    file_format: Annotated[
        FileFormat, Query(alias="format", description="CSV for spreadsheets")
    ] = FileFormat.CSV,
) -> Response:
    """The same fields as the API's, as far as granted; reading personal facts is recorded. At most 200 in one file."""
    after = UUID(paged.after[0]) if paged.after else None
    filters = TaskFilters(kind=kind, changed_since=since, is_open=True)
    queued = await TaskQueue(uow.session).of(officer.handler, filters, after=after, limit=paged.fetch)
    shown = paged.page(queued, lambda each: (each.task.id,), response).entries
    tasks = [
        TaskOut.of_file(each, now) for each in await read_tasks(shown, officer.caller, officer.pack, uow, now)
    ]
    text = as_csv(tasks) if file_format is FileFormat.CSV else as_ndjson(tasks)
    headers = {
        "Content-Disposition": f'attachment; filename="tasks-{now:%Y%m%dT%H%M%SZ}.{file_format.value}"',
        "Cache-Control": "no-store",
    }
    headers |= {"Link": response.headers["Link"]} if "Link" in response.headers else {}
    return Response(text, media_type=file_format.media_type, headers=headers)


@router.post(
    "",
    dependencies=[HANDLE],
    summary="Take the results of tasks in from a file (导入办理结果)",
    openapi_extra={"requestBody": {"required": True, "content": _BOTH}},
)
@refuses(SheetNotReadable)
async def import_results(
    request: Request, officer: ActingOfficer, uow: InTransaction, now: Now
) -> FileReportOut:
    """Every good row is done, every other is named with the reason; the same file again changes nothing."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    readers = {FileFormat.CSV.media_type: rows_of_csv, FileFormat.NDJSON.media_type: rows_of_ndjson}
    if media not in readers:
        raise Refusal(MEDIA_UNSUPPORTED)
    rows, unreadable = readers[media](await request.body())
    reports = [*unreadable, *await take_in_results(rows, officer, uow, now)]
    return FileReportOut.of(sorted(reports, key=lambda each: each.line))
