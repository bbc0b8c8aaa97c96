"""The two shapes of a file of tasks, CSV and NDJSON, and what a row that comes back says."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from gateway.matters.api.task_answers import TaskOut
from gateway.matters.api.task_bodies import ResultKey
from gateway.matters.domain.sheets import SheetNotReadable, read, written
from gateway.matters.use_cases.exchange_tasks import Fate, ResultRow, RowOutcome, RowReport
from shared.security.strict_json import UnreadableJson, loads_strict
from shared.web.fields import RequestModel, ShortText

MOST_ROWS: Final = 1000
_ABOUT: Final = (
    "task_id",
    "matter_id",
    "case_no",
    "theme",
    "kind",
    "title",
    "state",
    "due_at",
    "is_overdue",
    "uscc",
)
_TO_FILL_IN: Final = ("outcome", "reason", "legal_basis", "result.number", "result.note")
_RESULT: Final = "result."


class RowIn(RequestModel):
    """A row that comes back: which task, what came of it."""

    task_id: UUID
    outcome: RowOutcome
    reason: ShortText | None = None
    legal_basis: ShortText | None = None
    result: Annotated[dict[ResultKey, ShortText], Field(max_length=20)] = Field(default={})

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.outcome in (RowOutcome.RETURNED, RowOutcome.REFUSED) and self.reason is None:
            raise ValueError("missing|退回或者不予办理须说明原因|say why it is sent back or refused")
        if self.outcome is RowOutcome.REFUSED and self.legal_basis is None:
            raise ValueError("missing|不予办理须注明法律依据|a refusal names its law")
        return self


def as_csv(tasks: Iterable[TaskOut]) -> str:
    """What the API says of each task, a column for each fact, and empty columns to be filled in."""
    rows = [_row(task) for task in tasks]
    facts = dict.fromkeys(name for row in rows for name in row if name.startswith("facts."))
    return written((*_ABOUT, *facts, "materials", *_TO_FILL_IN), rows)


def as_ndjson(tasks: Iterable[TaskOut]) -> str:
    """Exactly what the API says of each task, one a line."""
    return "".join(f"{task.model_dump_json()}\n" for task in tasks)


def rows_of_csv(raw: bytes) -> tuple[list[ResultRow], list[RowReport]]:
    """Rows that were filled in, and those that cannot be read. Raises: SheetNotReadable."""
    sheet = read(raw, MOST_ROWS)
    if sheet and not any("task_id" in row for row in sheet):
        raise SheetNotReadable("no_task_id")
    return _rows(
        (line, {**_plain(row), "result": _result(row)})
        for line, row in enumerate(sheet, start=2)
        if "outcome" in row
    )


def rows_of_ndjson(raw: bytes) -> tuple[list[ResultRow], list[RowReport]]:
    """As above, of a file with an object a line."""
    lines = [line for line in raw.split(b"\n") if line.strip()]
    if len(lines) > MOST_ROWS:
        raise SheetNotReadable("too_many_rows")
    return _rows((number, _object(line)) for number, line in enumerate(lines, start=1))


def _rows(found: Iterable[tuple[int, Any]]) -> tuple[list[ResultRow], list[RowReport]]:
    rows, unreadable = [], []
    for line, told in found:
        try:
            row = RowIn.model_validate_json(json.dumps(told))
        except ValidationError:  # this row only: the others are taken in
            name = str(told.get("task_id", ""))[:64] if isinstance(told, dict) else ""
            unreadable.append(RowReport(line, name, Fate.REFUSED, "invalid-input"))
        else:
            rows.append(
                ResultRow(line, row.task_id, row.outcome, row.reason or "", row.result, row.legal_basis or "")
            )
    return rows, unreadable


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("task_id", "outcome", "reason", "legal_basis") if name in row}


def _result(row: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_RESULT): cell for name, cell in row.items() if name.startswith(_RESULT)}


def _object(line: bytes) -> Any:
    try:
        return loads_strict(line)
    except UnreadableJson:  # told as a row that cannot be read
        return None


def _row(task: TaskOut) -> dict[str, str]:
    told = {
        "task_id": str(task.id),
        "matter_id": str(task.matter_id),
        "case_no": task.case_no,
        "theme": task.theme,
        "kind": task.kind,
        "title": task.title.zh,
        "state": task.state.value,
        "due_at": task.due_at.isoformat() if task.due_at else "",
        "is_overdue": "true" if task.is_overdue else "false",
        "uscc": task.uscc or "",
        "materials": " ".join(str(each.material_id) for each in task.materials),
    }
    return told | {f"facts.{fact.key}": _cell(fact.value) for fact in task.facts}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "、".join(value)
    return json.dumps(value, ensure_ascii=False)
