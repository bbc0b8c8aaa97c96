"""Compares an outside register with the running suite's: streams a CSV file, lists every difference by field."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.table import Table

from deploy.local.access_token import request_token
from deploy.local.environment import Surroundings
from deploy.local.importing import CLIENT, SCOPE, RegisterApi, progress_bar, send_all, write_report
from deploy.local.register_file import examine_file

_HEADER: Final = ("number", "kind", "line", "uscc", "field", "ours", "theirs", "reasons")


@dataclass(frozen=True)
class ReconciliationSummary:
    """How the outside register and this one differ."""

    reconciliation_id: str
    rows: int
    same: int
    differing_fields: int
    only_here: int
    only_there: int
    unreadable: int
    seconds: float


def run(
    around: Surroundings, file: Path, *, division: str | None, report: Path | None, as_json: bool
) -> None:
    """Reconcile with the running local suite as the registrar's own client, and print what came of it."""

    async def token() -> str:
        answer = await asyncio.to_thread(request_token, around, CLIENT, (SCOPE,))
        return str(answer["access_token"])

    summary = asyncio.run(
        reconcile_enterprises(file, around.public_url, token, division, report, progress=not as_json)
    )
    if as_json:
        print(json.dumps(asdict(summary)))
    else:
        Console().print(table_of(summary))


async def reconcile_enterprises(
    file: Path,
    base_url: str,
    token: Callable[[], Awaitable[str]],
    division: str | None,
    report: Path | None,
    progress: bool,
) -> ReconciliationSummary:
    """Send every row once, in constant memory; after an interruption it goes on where it was.

    `report` lists the differences, as NDJSON where its name ends so, otherwise as CSV.
    Raises: Refused with the suite's own reason.
    """
    began = time.monotonic()
    found = await asyncio.to_thread(examine_file, file)
    async with httpx.AsyncClient(base_url=f"{base_url}/registration/v1", timeout=120.0) as http:
        register = RegisterApi(http, token)
        about = {"source": file.name[:200], "sha256": found.sha256, "total_lines": found.total_lines}
        started = await register.post("/reconciliations", about | {"division": division})
        path = f"/reconciliations/{started['id']}"
        with progress_bar(found.total_lines - 1, "reconciling (比对)", shown=progress) as advance:
            await send_all(register, path, found, started["done"], advance)
        done = await register.post(f"{path}/completion", None)
        while done["status"] != "completed":
            done = await register.post(f"{path}/completion", None)
        if report is not None:
            await write_report(register.lines(f"{path}/differences"), report, _HEADER, _cells)
    return ReconciliationSummary(
        reconciliation_id=done["id"],
        rows=done["total_lines"] - 1,
        same=done["same"],
        differing_fields=done["differing_fields"],
        only_here=done["only_here"],
        only_there=done["only_there"],
        unreadable=done["unreadable"],
        seconds=round(time.monotonic() - began, 2),
    )


def table_of(summary: ReconciliationSummary) -> Table:
    """The summary for people."""
    table = Table(title="Reconciliation (数据比对)")
    headings = (
        "rows (行数)",
        "same (一致)",
        "fields (字段差异)",
        "only here (仅本方)",
        "only there (仅对方)",
        "unreadable (无法识别)",
        "seconds",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_row(*(str(value) for name, value in asdict(summary).items() if name != "reconciliation_id"))
    return table


def _cells(told: dict[str, Any]) -> Iterator[Sequence[object]]:
    reasons = "；".join(reason["text_zh"] for reason in told["reasons"])
    yield [*(told[name] for name in _HEADER[:-1]), reasons]
