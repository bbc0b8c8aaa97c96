"""Takes an existing register over: streams a CSV file to the running suite in batches, several in flight."""

import asyncio
import contextlib
import csv
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from deploy.local.access_token import request_token
from deploy.local.environment import Surroundings
from deploy.local.refusals import Refused
from deploy.local.register_file import FileRow, RegisterFile, examine_file, read_rows

CLIENT: Final = "administrative_approval"
SCOPE: Final = "registration.register.import"
ROWS_PER_BATCH: Final = 500
BYTES_PER_BATCH: Final = 700_000  # the suite takes bodies up to 1 MiB
IN_FLIGHT: Final = 4
_HEADER: Final = ("line", "outcome", "uscc", "code", "reason_zh", "reason_en")
_PATIENCE_SECONDS: Final = 120.0
_AGAIN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass(frozen=True)
class ImportSummary:
    """What became of the file's rows; `warned` are among the imported."""

    import_id: str
    rows: int
    imported: int
    warned: int
    unchanged: int
    refused: int
    seconds: float


def run(around: Surroundings, file: Path, *, report: Path | None, as_json: bool) -> None:
    """Import into the running local suite as the registrar's own client, and print what came of it."""

    async def token() -> str:
        answer = await asyncio.to_thread(request_token, around, CLIENT, (SCOPE,))
        return str(answer["access_token"])

    summary = asyncio.run(import_enterprises(file, around.public_url, token, report, progress=not as_json))
    if as_json:
        print(json.dumps(asdict(summary)))
    else:
        Console().print(table_of(summary))


async def import_enterprises(
    file: Path, base_url: str, token: Callable[[], Awaitable[str]], report: Path | None, progress: bool
) -> ImportSummary:
    """Send every row once, in constant memory; after an interruption it goes on where it was.

    `report` lists refused rows and warnings, as NDJSON where its name ends so, otherwise as CSV.
    Raises: Refused with the suite's own reason.
    """
    began = time.monotonic()
    found = await asyncio.to_thread(examine_file, file)
    async with httpx.AsyncClient(base_url=f"{base_url}/registration/v1", timeout=60.0) as http:
        register = RegisterApi(http, token)
        started = await register.post(
            "/imports",
            {"file_name": file.name[:200], "sha256": found.sha256, "total_lines": found.total_lines},
        )
        path = f"/imports/{started['id']}"
        with progress_bar(found.total_lines - 1, "importing (导入)", shown=progress) as advance:
            await send_all(register, path, found, started["done"], advance)
        done = await register.post(f"{path}/completion", None)
        if report is not None:
            await write_report(register.lines(f"{path}/report"), report, _HEADER, _reasons)
    return ImportSummary(
        import_id=done["id"],
        rows=done["total_lines"] - 1,
        imported=done["imported"],
        warned=done["warned"],
        unchanged=done["unchanged"],
        refused=done["refused"],
        seconds=round(time.monotonic() - began, 2),
    )


def table_of(summary: ImportSummary) -> Table:
    """The summary for people."""
    table = Table(title="Import (存量数据导入)")
    headings = (
        "rows (行数)",
        "imported (导入)",
        "warned (警告)",
        "unchanged (未变)",
        "refused (拒绝)",
        "seconds",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_row(*(str(value) for name, value in asdict(summary).items() if name != "import_id"))
    return table


class RegisterApi:
    """The suite's API for files of rows: waits and tries again where that helps, gives up with the reason otherwise."""

    def __init__(self, http: httpx.AsyncClient, token: Callable[[], Awaitable[str]]) -> None:
        self._http = http
        self._token = token
        self._bearer: str | None = None

    async def post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """Send a command under one idempotency key until it is answered."""
        key = secrets.token_hex(16)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        delay = 0.2
        while True:
            answer = await self._try(path, body, key)
            if answer is not None and answer.is_success:
                told: dict[str, Any] = answer.json()
                return told
            if answer is not None and not _worth_again(answer):
                raise Refused(_reason(answer))
            if time.monotonic() > deadline:
                raise Refused("registration does not answer; run it again to go on")
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)

    async def lines(self, path: str) -> AsyncIterator[str]:
        """Stream an NDJSON answer."""
        async with self._http.stream("GET", path, headers=await self._headers()) as answer:
            if not answer.is_success:
                raise Refused(f"the report is not to be had: {answer.status_code}")
            async for line in answer.aiter_lines():
                yield line

    async def _try(self, path: str, body: dict[str, Any] | None, key: str) -> httpx.Response | None:
        named = {"Idempotency-Key": key}
        try:
            answer = await self._http.post(path, json=body, headers=await self._headers() | named)
            if (
                answer.status_code == HTTPStatus.UNAUTHORIZED
            ):  # the token has grown old: once more with a new one
                self._bearer = None
                answer = await self._http.post(path, json=body, headers=await self._headers() | named)
        except httpx.TransportError:  # away or cut off: the key makes asking again harmless
            return None
        return answer

    async def _headers(self) -> dict[str, str]:
        if self._bearer is None:
            self._bearer = await self._token()
        return {"Authorization": f"Bearer {self._bearer}", "Accept-Language": "en"}


async def send_all(
    register: RegisterApi,
    path: str,
    file: RegisterFile,
    done: list[dict[str, int]],
    advance: Callable[[int], None],
) -> None:
    """Keep several batches in flight, and never more rows in memory than those."""
    room = asyncio.Semaphore(IN_FLIGHT)
    async with _all_or_first_error() as tasks:
        skipped = sum(lines["last_line"] - lines["first_line"] + 1 for lines in done)
        advance(skipped)
        for batch in _batches(_missing(read_rows(file), done)):
            await room.acquire()
            if any(task.done() and task.exception() for task in tasks):
                break
            task = asyncio.create_task(_send(register, path, batch, advance))
            tasks.add(task)
            task.add_done_callback(lambda ended: _after(ended, tasks, room))


async def _send(
    register: RegisterApi, path: str, batch: list[FileRow], advance: Callable[[int], None]
) -> None:
    body = {"first_line": batch[0].line, "rows": [row.cells for row in batch]}
    await register.post(f"{path}/batches", body)
    advance(len(batch))


def _after(ended: "asyncio.Task[None]", tasks: "set[asyncio.Task[None]]", room: asyncio.Semaphore) -> None:
    """Make room for the next; what failed stays, so that its reason is told."""
    room.release()
    if not ended.cancelled() and ended.exception() is None:
        tasks.discard(ended)


@contextlib.asynccontextmanager
async def _all_or_first_error() -> AsyncIterator["set[asyncio.Task[None]]"]:
    tasks: set[asyncio.Task[None]] = set()
    try:
        yield tasks
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _missing(rows: Iterable[FileRow], done: list[dict[str, int]]) -> Iterator[FileRow]:
    """Rows outside the stretches that were taken over before; both are in order."""
    stretches = iter(done)
    current = next(stretches, None)
    for row in rows:
        while current is not None and row.line > current["last_line"]:
            current = next(stretches, None)
        if current is None or row.line < current["first_line"]:
            yield row


def _batches(rows: Iterable[FileRow]) -> Iterator[list[FileRow]]:
    """Stretches of lines without a gap, small enough for one request."""
    batch: list[FileRow] = []
    size = 0
    for row in rows:
        weight = sum(len(cell.encode()) + 8 for cell in row.cells)
        full = len(batch) == ROWS_PER_BATCH or size + weight > BYTES_PER_BATCH
        if batch and (full or row.line != batch[-1].line + 1):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += weight
    if batch:
        yield batch


def _worth_again(answer: httpx.Response) -> bool:
    in_flight = answer.status_code == HTTPStatus.CONFLICT and "request-in-flight" in answer.text
    away = answer.status_code in _AGAIN or answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    return in_flight or away


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    return f"registration refuses ({answer.status_code}): {problem.get('detail') or problem.get('title', '')}"


@contextlib.contextmanager
def progress_bar(total: int, what: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Rows done of all, for people; yields what advances it."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        task = progress.add_task(what, total=total)
        yield lambda rows: progress.update(task, advance=rows)


async def write_report(
    lines: AsyncIterator[str],
    path: Path,
    header: Sequence[str],
    cells: Callable[[dict[str, Any]], Iterable[Sequence[object]]],
) -> None:
    """A report as it comes where the name ends as NDJSON does, otherwise as CSV: `cells` makes rows of an entry."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix in (".ndjson", ".jsonl", ".json"):
            async for line in lines:
                file.write(f"{line}\n")
            return
        file.write("\ufeff")  # spreadsheet programs take the file for UTF-8 only with this mark
        writer = csv.writer(file)
        writer.writerow(header)
        async for line in lines:
            writer.writerows(cells(json.loads(line)))


def _reasons(told: dict[str, Any]) -> Iterator[Sequence[object]]:
    for reason in told["reasons"]:
        place = (told["line"], told["outcome"], told["uscc"])
        yield (*place, reason["code"], reason["text_zh"], reason["text_en"])
