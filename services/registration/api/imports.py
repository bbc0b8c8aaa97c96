"""Imports of an existing register (存量登记数据导入): each row entered or listed with every reason."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import ConfigDict, Field, JsonValue, StrictInt, StringConstraints
from starlette.responses import StreamingResponse

from services.registration.api.dependencies import Desk
from services.registration.domain.errors import (
    BatchBeyondFile,
    BatchOverlaps,
    ImportCompleted,
    ImportIncomplete,
    ImportNotFound,
)
from services.registration.domain.register_import import ImportStatus, RegisterImport, ReportLine
from services.registration.store.imports import ImportStore, StartedImport
from services.registration.use_cases.complete_import import complete_import
from services.registration.use_cases.start_import import start_import
from services.registration.use_cases.take_over_batch import TakeOverBatch, take_over_batch
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.identifiers import new_uuid7
from shared.security.access import requires
from shared.security.principal import Principal
from shared.web.backend import backend_of
from shared.web.fields import RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/registration/v1/imports", route_class=ServiceRoute, tags=["imports"])

IMPORT = requires("registration.register.import")
ImportId = Annotated[UUID, Path(description="Id of the import (导入任务编号)")]
LineNumber = Annotated[StrictInt, Field(ge=2, le=2**31 - 1)]
Cell = Annotated[str, StringConstraints(max_length=20_000)]
Row = Annotated[list[Cell], Field(max_length=40)]
_REPORT_PAGE = 1000
_ROW_EXAMPLE: list[JsonValue] = [
    "永济市蒲津渡餐饮有限公司",
    "91140881MAE000002E",
    "2019-05-06",
    "有限责任公司",
    "50(万元)",
    "餐饮服务",
    "山西",
    "运城",
    "永济市城西街道河东大道12号",
]


class ImportIn(RequestModel):
    """The file that is about to be taken over; the header counts as line 1 of `total_lines`."""

    file_name: ShortText = Field(examples=["enterprises.csv"])
    sha256: Annotated[str, StringConstraints(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")] = (
        Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    )
    total_lines: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] = Field(examples=[2999])


class BatchIn(RequestModel):
    """Rows from `first_line` on; line 2 is the first row.

    Cells in the order of the columns: nine, or twelve with state, legal representative and identity number."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"first_line": 2, "rows": [_ROW_EXAMPLE]}]})

    first_line: LineNumber
    rows: Annotated[list[Row], Field(min_length=1, max_length=500)]


class LinesOut(ResponseModel):
    """A stretch of lines, both ends included."""

    first_line: int
    last_line: int


class ImportOut(ResponseModel):
    """Where an import stands; `done` are the lines taken over, `next_line` the first that is not."""

    id: UUID
    file_name: str
    sha256: str
    total_lines: int
    status: ImportStatus
    next_line: int
    done: list[LinesOut]
    imported: int
    warned: int
    unchanged: int
    refused: int
    started_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, found: RegisterImport) -> "ImportOut":
        """Shape an import."""
        return cls(
            id=found.id,
            file_name=found.file_name,
            sha256=found.sha256,
            total_lines=found.total_lines,
            status=found.status,
            next_line=found.next_line,
            done=[LinesOut(first_line=lines.first, last_line=lines.last) for lines in found.done],
            **asdict(found.tally),
            started_at=found.started_at,
            completed_at=found.completed_at,
        )


@router.post("", status_code=201, dependencies=[IMPORT], summary="Start or resume an import (开始导入)")
async def start(body: ImportIn, caller: Caller, uow: InTransaction, now: Now) -> ImportOut:
    """While an import of the same file runs this answers with it, and where it was."""
    started = StartedImport(
        new_uuid7(), body.file_name, body.sha256, body.total_lines, _keeper(caller), caller.reference
    )
    return ImportOut.of(await start_import(started, uow, now))


@router.post("/{import_id}/batches", dependencies=[IMPORT], summary="Take over a batch of rows (导入一批)")
@refuses(ImportNotFound, ImportCompleted, BatchOverlaps, BatchBeyondFile)
async def take_over(
    import_id: ImportId, body: BatchIn, caller: Caller, uow: InTransaction, now: Now, desk: Desk
) -> ImportOut:
    """In one transaction; batches may come in any order and at once, a repeated one changes nothing."""
    command = TakeOverBatch(import_id, _keeper(caller), body.first_line, body.rows)
    return ImportOut.of(await take_over_batch(command, uow, now, desk))


@router.post("/{import_id}/completion", dependencies=[IMPORT], summary="Complete an import (完成导入)")
@refuses(ImportNotFound, ImportIncomplete)
async def complete(import_id: ImportId, caller: Caller, uow: InTransaction, now: Now) -> ImportOut:
    """Refused while lines are missing."""
    return ImportOut.of(await complete_import(import_id, _keeper(caller), uow, now))


@router.get("/{import_id}", dependencies=[IMPORT], summary="Where an import stands (导入进度)")
@refuses(ImportNotFound)
async def read(import_id: ImportId, caller: Caller, uow: InTransaction) -> ImportOut:
    """Counts so far and the lines that are done."""
    return ImportOut.of(await ImportStore(uow.session).find(import_id, _keeper(caller)))


@router.get(
    "/{import_id}/report",
    dependencies=[IMPORT],
    summary="Report of an import (导入报告)",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One JSON object a line: refused lines and those imported with a warning",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
)
@refuses(ImportNotFound)
async def report(
    import_id: ImportId, request: Request, caller: Caller, uow: InTransaction
) -> StreamingResponse:
    """NDJSON by line number: line, outcome, code and every reason in both languages."""
    await ImportStore(uow.session).find(import_id, _keeper(caller))
    stream = _report_lines(import_id, backend_of(request).transactions)
    return StreamingResponse(stream, media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})


def _keeper(caller: Principal) -> str:
    """Whose an import is: the agency's, or the caller's own where there is none."""
    return caller.agency or caller.reference


async def _report_lines(import_id: UUID, transactions: UnitOfWorkFactory) -> AsyncIterator[bytes]:
    """Page by page, each in a short transaction of its own: a slow reader holds none open."""
    after = 0
    while True:
        async with transactions.open() as uow:
            page = await ImportStore(uow.session).report(import_id, after, _REPORT_PAGE)
        if not page:
            return
        yield "".join(_line(entry) for entry in page).encode()
        after = page[-1].line


def _line(entry: ReportLine) -> str:
    told = {
        "line": entry.line,
        "outcome": entry.outcome.value,
        "uscc": entry.uscc,
        "reasons": [
            {"code": reason.code, "text_zh": reason.text_zh, "text_en": reason.text_en}
            for reason in entry.reasons
        ],
    }
    return json.dumps(told, ensure_ascii=False) + "\n"
