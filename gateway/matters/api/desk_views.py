"""What the pages of the task desk show, as plain texts in the visitor's language."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.materials.public import MaterialRef, MaterialRole
from gateway.matters.domain.alarms import WARNED
from gateway.matters.domain.life_cycles import TASK_TRANSITIONS, TaskAction, TaskState
from gateway.matters.domain.model import Task, Title
from gateway.matters.domain.register_facts import told_changes
from gateway.matters.domain.shared_facts import SharedFact
from gateway.matters.store.cases import HistoryEntry
from gateway.matters.store.task_queue import QueuedTask
from gateway.matters.use_cases.read_task import TaskFile
from shared.region import RegionPack

_CIVIL: Final = ZoneInfo("Asia/Shanghai")
_FINISHABLE: Final = (TaskState.TAKEN,)
_RETURNABLE: Final = (TaskState.ASSIGNED, TaskState.TAKEN)


def civil(at: datetime) -> str:
    """A moment as people here read it: in China's one civil time."""
    return at.astimezone(_CIVIL).strftime("%Y-%m-%d %H:%M")


def queue_rows(queued: Sequence[QueuedTask], subject: str, english: bool) -> list[dict[str, Any]]:
    """The tasks of a queue."""
    return [{"id": str(each.task.id), **_standing(each.task, subject, english)} for each in queued]


def kinds_of(pack: RegionPack, agency_uscc: str | None, english: bool) -> list[tuple[str, str]]:
    """The kinds of task that the agency gets, each once."""
    agency = pack.agency_by_uscc(agency_uscc) if agency_uscc else None
    found = {
        task.key: task.title.en if english else task.title.zh
        for theme in pack.matters
        for task in theme.tasks
        if agency is not None and task.agency == agency.key
    }
    return sorted(found.items())


def task_values(
    file: TaskFile, history: Sequence[HistoryEntry], basis: str | None, subject: str, english: bool
) -> dict[str, Any]:
    """Everything that the page of one task shows."""
    task, matter = file.task, file.case.matter
    return {
        "task_id": str(task.id),
        **_standing(task, subject, english),
        "kind": task.kind,
        "outcomes": list(task.outcomes),
        "others": [
            (_said(part.title, english), _said_result(part.result)) for part in file.parts_to_consolidate
        ],
        "changes": list(told_changes(matter.changes or (), task.told_of)),
        "matter_title": _said(matter.title, english),
        "case_no": matter.case_no,
        "uscc": matter.uscc,
        "return_reason": task.return_reason,
        "refusal": f"{task.refusal.reason} ({task.refusal.legal_basis})" if task.refusal else None,
        "result": list(task.result.items()),
        "visit": f"{civil(task.visit.at)} {task.visit.reason} ({task.visit.basis})" if task.visit else None,
        "facts": [_fact(fact, english) for fact in file.facts],
        "submitted": _files(file.materials, MaterialRole.SUBMITTED),
        "made": _files(file.materials, MaterialRole.RESULT),
        "history": [{"at": civil(entry.at), "verb": entry.verb} for entry in history],
        "basis": basis,
        "can_take": task.state is TaskState.ASSIGNED,
        "can_finish": task.state in _FINISHABLE,
        "can_refuse": (task.state, TaskAction.REFUSE) in TASK_TRANSITIONS,
        "can_return": task.state in _RETURNABLE,
    }


def _said_result(result: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in result.items())


def _standing(task: Task, subject: str, english: bool) -> dict[str, Any]:
    holder = None
    if task.taken_by is not None and task.state is TaskState.TAKEN:
        holder = "by_me" if task.taken_by == subject else "by_colleague"
    return {
        "title": _said(task.title, english),
        "state": task.state.value,
        "holder": holder,
        "due": civil(task.due_at) if task.due_at else None,
        "warning": _warning(task),
    }


def _warning(task: Task) -> str | None:
    if task.overdue_at is not None:
        return "late"
    return "due_soon" if task.told >= WARNED and task.ended_at is None else None


def _said(title: Title, english: bool) -> str:
    return title.en if english else title.zh


def _fact(fact: SharedFact, english: bool) -> Mapping[str, Any]:
    return {
        "key": fact.key,
        "title": _said(fact.title, english),
        "value": _text(fact.value),
        "is_withheld": fact.is_withheld,
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "、".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _files(refs: Sequence[MaterialRef], role: MaterialRole) -> list[dict[str, Any]]:
    return [
        {
            "material_id": str(ref.material_id),
            "name": ref.name,
            "kind": ref.kind,
            "kilobytes": max(1, ref.size // 1024),
            "is_confidential": ref.is_confidential,
        }
        for ref in refs
        if ref.role is role
    ]
