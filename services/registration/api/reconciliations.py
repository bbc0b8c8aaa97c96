"""Reconciliations with an outside register (数据比对): differences listed by field, settled one by one."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field, StrictInt, StringConstraints
from starlette.responses import StreamingResponse

from services.registration.api.dependencies import Desk
from services.registration.api.imports import BatchIn, LinesOut
from services.registration.domain.authority_errors import ChangesFrozen
from services.registration.domain.errors import (
    BatchBeyondFile,
    BatchOverlaps,
    EnterpriseStateForbids,
    NotTheRegistrar,
)
from services.registration.domain.reconciliation import (
    Difference,
    DifferenceKind,
    Reconciliation,
    Settlement,
)
from services.registration.domain.register_errors import (
    DifferenceNeedsFiling,
    DifferenceNotFound,
    DifferenceOutdated,
    DifferenceSettled,
    ReconciliationCompleted,
    ReconciliationIncomplete,
    ReconciliationNotFound,
)
from services.registration.domain.register_import import ImportStatus
from services.registration.store.reconciliations import ReconciliationStore, StartedReconciliation
from services.registration.use_cases.reconcile_batch import (
    ReconcileBatch,
    complete_reconciliation,
    reconcile_batch,
    start_reconciliation,
)
from services.registration.use_cases.settle_difference import SettleDifference, settle_difference
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.identifiers import new_uuid7
from shared.security.access import requires
from shared.security.principal import Principal
from shared.web.backend import backend_of
from shared.web.fields import DivisionCode, RequestModel, ResponseModel, ShortText
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(
    prefix="/registration/v1/reconciliations", route_class=ServiceRoute, tags=["reconciliations"]
)

RECONCILE: Final = requires("registration.register.import")
DECIDE: Final = requires("registration.filing.decide")
ReconciliationId = Annotated[UUID, Path(description="Id of the reconciliation (比对任务编号)")]
_PAGE: Final = 1000


class ReconciliationIn(RequestModel):
    """The outside register that is about to be compared; the header counts as line 1 of `total_lines`."""

    source: ShortText = Field(examples=["运城市大数据局企业库 2026-11"])
    sha256: Annotated[str, StringConstraints(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")] = (
        Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    )
    total_lines: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] = Field(examples=[2999])
    division: DivisionCode | None = Field(
        default=None, examples=["140881"], description="What it covers; without, all that this register has"
    )


class ReconciliationOut(ResponseModel):
    """Where a reconciliation stands, and how many differences there are of each kind; `open` are not settled."""

    id: UUID
    source: str
    sha256: str
    total_lines: int
    division: str | None
    status: ImportStatus
    next_line: int
    done: list[LinesOut]
    compared: int
    same: int
    differing_fields: int
    only_here: int
    only_there: int
    unreadable: int
    open: int
    started_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, found: Reconciliation) -> "ReconciliationOut":
        """Shape a reconciliation."""
        return cls(
            id=found.id,
            source=found.source,
            sha256=found.sha256,
            total_lines=found.total_lines,
            division=found.division,
            status=found.status,
            next_line=found.next_line,
            done=[LinesOut(first_line=lines.first, last_line=lines.last) for lines in found.done],
            compared=found.compared,
            same=found.same,
            differing_fields=found.differences[DifferenceKind.FIELD],
            only_here=found.differences[DifferenceKind.ONLY_HERE],
            only_there=found.differences[DifferenceKind.ONLY_THERE],
            unreadable=found.differences[DifferenceKind.UNREADABLE],
            open=found.open,
            started_at=found.started_at,
            completed_at=found.completed_at,
        )


class SettlementIn(RequestModel):
    """Whose word stands, and why; `theirs` is entered as an alteration with this reason."""

    settlement: Literal[Settlement.OURS, Settlement.THEIRS] = Field(examples=["ours"])
    reason: ShortText = Field(examples=["经核对纸质档案，以本登记簿为准"])


class ReasonOut(ResponseModel):
    """Why a row cannot be read."""

    code: str
    text_zh: str
    text_en: str


class DifferenceOut(ResponseModel):
    """A difference; of people only that they differ."""

    number: int
    kind: DifferenceKind
    line: int | None
    uscc: str
    field: str | None
    ours: str | None
    theirs: str | None
    reasons: list[ReasonOut]
    settlement: Settlement
    settled_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, found: Difference) -> "DifferenceOut":
        """Shape a difference."""
        return cls.model_validate(found, from_attributes=True)


class DifferenceLines(StreamingResponse):
    """One difference a line."""

    media_type = "application/x-ndjson"


@router.post(
    "", status_code=201, dependencies=[RECONCILE], summary="Start or resume a reconciliation (开始比对)"
)
async def start(body: ReconciliationIn, caller: Caller, uow: InTransaction, now: Now) -> ReconciliationOut:
    """While one of the same file runs this answers with it, and where it was."""
    started = StartedReconciliation(
        id=new_uuid7(),
        source=body.source,
        sha256=body.sha256,
        total_lines=body.total_lines,
        division=body.division,
        keeper=_keeper(caller),
        started_by=caller.reference,
    )
    return ReconciliationOut.of(await start_reconciliation(started, uow, now))


@router.post(
    "/{reconciliation_id}/batches", dependencies=[RECONCILE], summary="Compare a batch of rows (比对一批)"
)
@refuses(ReconciliationNotFound, ReconciliationCompleted, BatchOverlaps, BatchBeyondFile)
async def compare(
    reconciliation_id: ReconciliationId,
    body: BatchIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
) -> ReconciliationOut:
    """Rows as imports have them; in any order and at once, a repeated batch changes nothing."""
    command = ReconcileBatch(reconciliation_id, _keeper(caller), body.first_line, body.rows)
    return ReconciliationOut.of(await reconcile_batch(command, uow, now, desk))


@router.post(
    "/{reconciliation_id}/completion",
    dependencies=[RECONCILE],
    summary="Complete a reconciliation (完成比对)",
)
@refuses(ReconciliationNotFound, ReconciliationIncomplete)
async def complete(
    reconciliation_id: ReconciliationId, caller: Caller, uow: InTransaction, now: Now
) -> ReconciliationOut:
    """Lists what only this register has, some of it at a time: repeat until it is completed. Refused while lines
    are missing."""
    return ReconciliationOut.of(await complete_reconciliation(reconciliation_id, _keeper(caller), uow, now))


@router.get(
    "/{reconciliation_id}", dependencies=[RECONCILE], summary="Where a reconciliation stands (比对进度)"
)
@refuses(ReconciliationNotFound)
async def read(reconciliation_id: ReconciliationId, caller: Caller, uow: InTransaction) -> ReconciliationOut:
    """Counts so far and the lines that are done."""
    found = await ReconciliationStore(uow.session).find(reconciliation_id, _keeper(caller))
    return ReconciliationOut.of(found)


@router.get(
    "/{reconciliation_id}/differences",
    dependencies=[RECONCILE],
    summary="Differences of a reconciliation (差异清单)",
    response_class=DifferenceLines,
    responses={
        200: {
            "description": "One difference a line, by number",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
)
@refuses(ReconciliationNotFound)
async def differences(
    reconciliation_id: ReconciliationId,
    request: Request,
    caller: Caller,
    uow: InTransaction,
    settlement: Annotated[Settlement | None, Query(description="Only those settled so (处理结果)")] = None,
) -> DifferenceLines:
    """NDJSON by number."""
    await ReconciliationStore(uow.session).find(reconciliation_id, _keeper(caller))
    lines = _lines(reconciliation_id, settlement, backend_of(request).transactions)
    return DifferenceLines(lines, headers={"Cache-Control": "no-store"})


@router.post(
    "/{reconciliation_id}/differences/{number}/settlement",
    dependencies=[DECIDE],
    summary="Settle a difference (处理差异)",
)
@refuses(
    ReconciliationNotFound,
    NotTheRegistrar,
    DifferenceNotFound,
    DifferenceSettled,
    DifferenceOutdated,
    DifferenceNeedsFiling,
    EnterpriseStateForbids,
    ChangesFrozen,
)
async def settle(
    reconciliation_id: ReconciliationId,
    number: Annotated[int, Path(ge=1, le=2**53, description="Number of the difference (差异序号)")],
    body: SettlementIn,
    caller: Caller,
    uow: InTransaction,
    now: Now,
    desk: Desk,
) -> DifferenceOut:
    """By an officer of the registrar; what needs a filing cannot be settled with theirs."""
    command = SettleDifference(reconciliation_id, number, body.settlement, body.reason, caller)
    return DifferenceOut.of(await settle_difference(command, uow, now, desk))


def _keeper(caller: Principal) -> str:
    """Whose a reconciliation is: the agency's, or the caller's own where there is none."""
    return caller.agency or caller.reference


async def _lines(
    reconciliation_id: UUID, settlement: Settlement | None, transactions: UnitOfWorkFactory
) -> AsyncIterator[bytes]:
    """Page by page, each in a short transaction of its own: a slow reader holds none open."""
    after = 0
    while True:
        async with transactions.open() as uow:
            page = await ReconciliationStore(uow.session).differences(
                reconciliation_id, settlement, after, _PAGE
            )
        if not page:
            return
        yield "".join(_line(one) for one in page).encode()
        after = page[-1].number


def _line(one: Difference) -> str:
    return json.dumps(DifferenceOut.of(one).model_dump(mode="json"), ensure_ascii=False) + "\n"
