"""Tasks out and results in by file, for departments with neither a system nor the desk (文件交换).

Source: NFR-09 (在实现平台间实时自动对接前，定期交换). A file that comes twice changes nothing the second time; a row
that cannot be done does not keep the others from being done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.matters.domain.life_cycles import ActionNotAllowed, TaskState
from gateway.matters.domain.model import Case, Change, Happened, MatterId, Refusal, TaskId
from gateway.matters.domain.tasks import OutcomeNeeded, complete, refuse, send_back, take
from gateway.matters.store.cases import CaseStore
from gateway.matters.use_cases.handle_task import Officer
from gateway.matters.use_cases.settling import settle
from shared.database.unit_of_work import UnitOfWork


class RowOutcome(StrEnum):
    """What a department writes in a row."""

    TAKEN = "taken"
    COMPLETED = "completed"
    RETURNED = "returned"
    REFUSED = "refused"


class Fate(StrEnum):
    """What became of a row."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class ResultRow:
    """One row of a file that came back."""

    line: int
    task_id: UUID
    outcome: RowOutcome
    reason: str
    result: Mapping[str, str]
    legal_basis: str = ""


@dataclass(frozen=True)
class RowReport:
    """What became of one row; `code` is the refusal's."""

    line: int
    task_id: str
    fate: Fate
    code: str | None = None


async def take_in_results(
    rows: Sequence[ResultRow], officer: Officer, uow: UnitOfWork, now: datetime
) -> list[RowReport]:
    """Apply each row by itself. In the order of the matters, which all lock them in: nobody blocks another."""
    matters = await CaseStore(uow.session).matters_of_tasks({row.task_id for row in rows}, officer.handler)
    reports = [
        RowReport(row.line, str(row.task_id), Fate.REFUSED, "task-not-found")
        for row in rows
        if row.task_id not in matters
    ]
    found = [(matters[row.task_id], row) for row in rows if row.task_id in matters]
    for matter_id, row in sorted(found, key=lambda each: (each[0], each[1].task_id)):
        reports.append(await _apply(matter_id, row, officer, uow, now))
    return sorted(reports, key=lambda each: each.line)


async def _apply(
    matter_id: MatterId, row: ResultRow, officer: Officer, uow: UnitOfWork, now: datetime
) -> RowReport:
    case = await CaseStore(uow.session).lock(matter_id)
    try:
        changed, happened = _change(case, row, officer, now)
    except ActionNotAllowed:  # the other rows are others' work: each stands for itself
        return RowReport(row.line, str(row.task_id), Fate.REFUSED, "matter-action-not-allowed")
    except OutcomeNeeded:
        return RowReport(row.line, str(row.task_id), Fate.REFUSED, "outcome-needed")
    if not happened:
        return RowReport(row.line, str(row.task_id), Fate.UNCHANGED)
    await settle(case, (changed, happened), uow, now)
    return RowReport(row.line, str(row.task_id), Fate.APPLIED)


def _change(case: Case, row: ResultRow, officer: Officer, now: datetime) -> Change:
    """What a row changes: nothing where it was taken in before."""
    task_id = TaskId(row.task_id)
    task = case.task(task_id)
    match row.outcome:
        case RowOutcome.TAKEN:
            is_done = task.state is TaskState.TAKEN
        case RowOutcome.COMPLETED:
            is_done = task.state is TaskState.COMPLETED and dict(task.result) == dict(row.result)
        case RowOutcome.RETURNED:
            is_done = task.state is TaskState.RETURNED and task.return_reason == row.reason
        case RowOutcome.REFUSED:
            is_done = task.state is TaskState.REFUSED and task.refusal == Refusal(row.reason, row.legal_basis)
    if is_done:
        return case, ()
    if row.outcome is RowOutcome.RETURNED:
        return send_back(case, task_id, row.reason, now)
    changed: Case = case
    happened: tuple[Happened, ...] = ()
    if task.state is TaskState.ASSIGNED or row.outcome is RowOutcome.TAKEN:
        changed, happened = take(case, task_id, officer.caller.subject, now)
    if row.outcome is RowOutcome.COMPLETED:
        changed, more = complete(changed, task_id, row.result, now)
        happened = (*happened, *more)
    if row.outcome is RowOutcome.REFUSED:
        changed, more = refuse(changed, task_id, Refusal(row.reason, row.legal_basis), now)
        happened = (*happened, *more)
    return changed, happened
