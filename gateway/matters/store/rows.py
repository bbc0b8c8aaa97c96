"""Rows to matters, steps and tasks, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.matters.domain.alarms import AlarmRules, EscalationRule, next_alarm
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    Acceptance,
    Case,
    Finding,
    KeptItem,
    Matter,
    MatterId,
    Part,
    Receivable,
    Refusal,
    Step,
    StepKind,
    Task,
    TaskId,
    ThemeSubject,
    Title,
    VisitRequest,
)
from gateway.matters.domain.register_facts import FactChange, FilingAgent, FilingKind, MergedFiling
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
from shared.identifiers.service_item import CrossRegionMode


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
        case_no=row.case_no,
        subject=ThemeSubject(row.subject),
        lead_agency_uscc=row.lead_agency_uscc,
        alarms=_alarms(row.alarms),
        cross_region=CrossRegionMode(row.cross_region) if row.cross_region else None,
        accepted_at=Acceptance(row.accepted_region, row.accepted_agency_uscc),
        items=tuple(KeptItem(**item) for item in row.items),
        known=row.known,
        told=row.told,
        confidential_fields=tuple(row.confidential_fields),
        changes=None if row.changes is None else tuple(FactChange(**each) for each in row.changes),
        merged_filings=tuple(MergedFiling(**each) for each in row.merged_filings),
        agent=FilingAgent(**row.agent) if row.agent else None,
        unsettled=tuple(row.unsettled),
        handed_out_at=row.handed_out_at,
    )


def step_of(row: StepRow) -> Step:
    return Step(
        key=row.key,
        kind=StepKind(row.kind),
        title=Title(**row.title),
        agency_uscc=row.agency_uscc,
        limit=_limit(row.time_limit),
        after=tuple(row.waits_for),
        fee_fen=row.fee_fen,
        fee_basis=row.fee_basis,
        is_optional=row.is_optional,
        told=row.told,
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
        refusal=tuple(Finding(**finding) for finding in row.refusal),
        filing_kind=FilingKind(row.filing_kind) if row.filing_kind else None,
    )


def task_of(row: TaskRow) -> Task:
    return Task(
        id=TaskId(row.task_id),
        kind=row.kind,
        title=Title(**row.title),
        agency_uscc=row.agency_uscc,
        limit=_limit(row.time_limit),
        after=tuple(row.waits_for),
        fee_fen=row.fee_fen,
        fee_basis=row.fee_basis,
        is_optional=row.is_optional,
        told=row.told,
        state=TaskState(row.state),
        receives=tuple(
            Receivable(each["key"], Title(**each["title"]), each["source"]) for each in row.receives
        ),
        free=tuple(Title(**each) for each in row.free),
        version=row.version,
        clock=_clock(row.clock),
        due_at=row.due_at,
        overdue_at=row.overdue_at,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        ended_at=row.ended_at,
        result=row.result,
        return_reason=row.return_reason,
        refusal=Refusal(**row.refusal) if row.refusal else None,
        visit=_visit(row.visit),
        told_of=tuple(row.told_of),
        outcomes=tuple(row.outcomes),
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
        "case_no": matter.case_no,
        "subject": matter.subject.value,
        "lead_agency_uscc": matter.lead_agency_uscc,
        "alarms": _alarms_json(matter.alarms),
        "told": matter.told,
        "alarm_at": next_alarm(matter.clock, matter.told, matter.alarms, matter.calendar),
        "cross_region": matter.cross_region.value if matter.cross_region else None,
        "accepted_region": matter.accepted_at.region,
        "accepted_agency_uscc": matter.accepted_at.agency_uscc,
        "is_handed_over": matter.is_handed_over,
        "items": [asdict(item) for item in matter.items],
        "known": dict(matter.known),
        "confidential_fields": list(matter.confidential_fields),
        "changes": None if matter.changes is None else [asdict(each) for each in matter.changes],
        "merged_filings": [asdict(each) for each in matter.merged_filings],
        "agent": asdict(matter.agent) if matter.agent else None,
        "unsettled": list(matter.unsettled),
        "handed_out_at": matter.handed_out_at,
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
        "waits_for": list(step.after),
        **_common_values(case, step),
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
        "refusal": [asdict(finding) for finding in step.refusal],
        "filing_kind": step.filing_kind.value if step.filing_kind else None,
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
        "waits_for": list(task.after),
        **_common_values(case, task),
        "state": task.state.value,
        "receives": [asdict(each) for each in task.receives],
        "free": [asdict(each) for each in task.free],
        "version": task.version,
        "clock": ledger_to_primitives(task.clock) if task.clock else None,
        "due_at": task.due_at,
        "overdue_at": task.overdue_at,
        "taken_at": task.taken_at,
        "taken_by": task.taken_by,
        "ended_at": task.ended_at,
        "result": dict(task.result),
        "return_reason": task.return_reason,
        "refusal": asdict(task.refusal) if task.refusal else None,
        "visit": _visit_json(task.visit),
        "told_of": list(task.told_of),
        "outcomes": list(task.outcomes),
    }


def _visit(written: dict[str, str] | None) -> VisitRequest | None:
    if written is None:
        return None
    return VisitRequest(written["reason"], written["basis"], datetime.fromisoformat(written["at"]))


def _visit_json(visit: VisitRequest | None) -> dict[str, str] | None:
    return {**asdict(visit), "at": visit.at.isoformat()} if visit else None


def _common_values(case: Case, part: Part) -> dict[str, Any]:
    """`alarm_at` follows from the clock, so that it is never out of step with it."""
    matter = case.matter
    return {
        "fee_fen": part.fee_fen,
        "fee_basis": part.fee_basis,
        "is_optional": part.is_optional,
        "told": part.told,
        "alarm_at": next_alarm(part.clock, part.told, matter.alarms, matter.calendar),
    }


def _alarms(written: Mapping[str, Any]) -> AlarmRules:
    escalations = (
        EscalationRule(each["to"], each["agency_uscc"], _limit(each["after"]))
        for each in written["escalations"]
    )
    return AlarmRules(written["warning_percent"], tuple(escalations))


def _alarms_json(rules: AlarmRules) -> dict[str, Any]:
    escalations = [
        {"to": each.to, "agency_uscc": each.agency_uscc, "after": _limit_json(each.after)}
        for each in rules.escalations
    ]
    return {"warning_percent": rules.warning_percent, "escalations": escalations}


def _limit(written: dict[str, str]) -> Limit:
    return Limit(Decimal(written["value"]), LimitUnit(written["unit"]))


def _limit_json(limit: Limit) -> dict[str, str]:
    return {"value": str(limit.value), "unit": limit.unit.value}


def _clock(written: dict[str, object] | None) -> DeadlineLedger | None:
    return None if written is None else ledger_from_primitives(written)
