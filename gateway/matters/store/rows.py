"""Rows to matters, steps and tasks, and back."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    Case,
    Finding,
    Matter,
    MatterId,
    Receivable,
    Step,
    StepKind,
    Task,
    TaskId,
    Title,
)
from gateway.matters.store.office import office_from_json, office_to_json
from gateway.matters.store.tables import MatterRow, StepRow, TaskRow
from shared.calendar import (
    DeadlineLedger,
    Limit,
    LimitUnit,
    ledger_from_primitives,
    ledger_to_primitives,
)
from shared.identifiers.channel import Channel


def matter_of(row: MatterRow) -> Matter:
    return Matter(
        id=MatterId(row.matter_id),
        theme=row.theme,
        title=Title(**row.title),
        applicant=row.applicant,
        channel=Channel(row.channel),
        state=MatterState(row.state),
        version=row.version,
        form=row.form,
        commitments=tuple(row.commitments),
        findings=tuple(Finding(**finding) for finding in row.findings),
        limit=_limit(row.time_limit),
        clock=ledger_from_primitives(row.clock),
        calendar=office_from_json(row.office),
        opened_at=row.opened_at,
        due_at=row.due_at,
        overdue_at=row.overdue_at,
        ended_at=row.ended_at,
        uscc=row.uscc,
        established_on=row.established_on,
        division_code=row.division_code,
    )


def step_of(row: StepRow) -> Step:
    return Step(
        key=row.key,
        kind=StepKind(row.kind),
        title=Title(**row.title),
        agency_uscc=row.agency_uscc,
        limit=_limit(row.time_limit),
        after=row.after,
        state=StepState(row.state),
        request=row.request,
        places=tuple((there, here) for there, here in row.places),
        ready_at=row.ready_at,
        attempt=row.attempt,
        tries=row.tries,
        not_before=row.not_before,
        last_fault=row.last_fault,
        reference=row.reference,
        result=row.result,
        clock=_clock(row.clock),
        due_at=row.due_at,
    )


def task_of(row: TaskRow) -> Task:
    return Task(
        id=TaskId(row.task_id),
        kind=row.kind,
        title=Title(**row.title),
        agency_uscc=row.agency_uscc,
        limit=_limit(row.time_limit),
        after=row.after,
        state=TaskState(row.state),
        receives=tuple(
            Receivable(each["key"], Title(**each["title"]), each["source"]) for each in row.receives
        ),
        fee_fen=row.fee_fen,
        free=tuple(Title(**each) for each in row.free),
        version=row.version,
        clock=_clock(row.clock),
        due_at=row.due_at,
        overdue_at=row.overdue_at,
        taken_at=row.taken_at,
        ended_at=row.ended_at,
        result=row.result,
        return_reason=row.return_reason,
    )


def matter_values(matter: Matter) -> dict[str, Any]:
    return {
        "matter_id": matter.id,
        "theme": matter.theme,
        "title": asdict(matter.title),
        "applicant": matter.applicant,
        "channel": matter.channel.value,
        "state": matter.state.value,
        "version": matter.version,
        "form": dict(matter.form),
        "commitments": list(matter.commitments),
        "findings": [asdict(finding) for finding in matter.findings],
        "time_limit": _limit_json(matter.limit),
        "clock": ledger_to_primitives(matter.clock),
        "office": office_to_json(matter.calendar),
        "opened_at": matter.opened_at,
        "due_at": matter.due_at,
        "overdue_at": matter.overdue_at,
        "ended_at": matter.ended_at,
        "uscc": matter.uscc,
        "established_on": matter.established_on,
        "division_code": matter.division_code,
    }


def step_values(case: Case, place: int, step: Step) -> dict[str, Any]:
    return {
        "matter_id": case.matter.id,
        "key": step.key,
        "place": place,
        "kind": step.kind.value,
        "title": asdict(step.title),
        "agency_uscc": step.agency_uscc,
        "time_limit": _limit_json(step.limit),
        "after": step.after,
        "state": step.state.value,
        "request": dict(step.request),
        "places": [list(place) for place in step.places],
        "ready_at": step.ready_at,
        "attempt": step.attempt,
        "tries": step.tries,
        "not_before": step.not_before,
        "last_fault": step.last_fault,
        "reference": step.reference,
        "result": dict(step.result),
        "clock": ledger_to_primitives(step.clock) if step.clock else None,
        "due_at": step.due_at,
    }


def task_values(case: Case, place: int, task: Task) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "matter_id": case.matter.id,
        "kind": task.kind,
        "place": place,
        "title": asdict(task.title),
        "agency_uscc": task.agency_uscc,
        "time_limit": _limit_json(task.limit),
        "after": task.after,
        "state": task.state.value,
        "receives": [asdict(each) for each in task.receives],
        "fee_fen": task.fee_fen,
        "free": [asdict(each) for each in task.free],
        "version": task.version,
        "clock": ledger_to_primitives(task.clock) if task.clock else None,
        "due_at": task.due_at,
        "overdue_at": task.overdue_at,
        "taken_at": task.taken_at,
        "ended_at": task.ended_at,
        "result": dict(task.result),
        "return_reason": task.return_reason,
    }


def _limit(written: dict[str, str]) -> Limit:
    return Limit(Decimal(written["value"]), LimitUnit(written["unit"]))


def _limit_json(limit: Limit) -> dict[str, str]:
    return {"value": str(limit.value), "unit": limit.unit.value}


def _clock(written: dict[str, object] | None) -> DeadlineLedger | None:
    return None if written is None else ledger_from_primitives(written)
