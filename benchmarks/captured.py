"""What a service says to PostgreSQL for one command, taken from the server's own statement log."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from deploy.local.postgres import Cluster
from deploy.local.refusals import Refused

# "%m [%p] ", PostgreSQL's own prefix; lines of one entry after the first begin with a tab.
_ENTRY: Final = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \w+ \[(\d+)\] (\w+):  (.*)$")
_EXECUTED: Final = re.compile(r"^(?:execute [^:]+|statement):\s(.*)$", re.DOTALL)
_PARAMETER: Final = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')", re.DOTALL)
_LOG_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Statement:
    """A statement as sent, with `$1` for its parameters, and their values as text."""

    sql: str
    parameters: tuple[str | None, ...] = ()


async def capture_transaction(
    cluster: Cluster, log: Path, command: Callable[[], Awaitable[object]], *, writes: str
) -> tuple[Statement, ...]:
    """Run `command` once; return the statements of the transaction that writes to the table `writes`.

    Raises: Refused when the log shows no such transaction.
    """
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        await _log_statements(connection, "all")
        start = log.stat().st_size
        await command()
        deadline = time.monotonic() + _LOG_SECONDS
        while time.monotonic() < deadline:
            with log.open("rb") as file:
                file.seek(start)
                text = file.read().decode(errors="replace")
            for transaction in transactions(text):
                if any(re.search(rf"INSERT INTO {writes}\b", one.sql) for one in transaction):
                    return transaction
            await asyncio.sleep(0.05)
    finally:
        await _log_statements(connection, None)
        await connection.close()
    raise Refused(f"the log of PostgreSQL shows no transaction that writes to {writes}; see {log}")


async def _log_statements(connection: "asyncpg.Connection", which: str | None) -> None:
    # utility statements take no parameters; the value is one of ours
    await connection.execute(
        f"ALTER SYSTEM SET log_statement = '{which}'" if which else "ALTER SYSTEM RESET log_statement"
    )
    await connection.execute("SELECT pg_reload_conf()")
    wanted = which or "none"
    deadline = time.monotonic() + _LOG_SECONDS
    while time.monotonic() < deadline:
        if await connection.fetchval("SHOW log_statement") == wanted:
            return
        await asyncio.sleep(0.02)
    raise Refused("PostgreSQL does not take up log_statement")


def transactions(log: str) -> Iterator[tuple[Statement, ...]]:
    """Whole transactions in a statement log, in the order of their end; what did not commit is left out."""
    begun: dict[str, list[Statement]] = {}
    for process, level, text in _entries(log):
        if level == "DETAIL" and begun.get(process) and "arameters: " in text:
            last = begun[process][-1]
            begun[process][-1] = Statement(last.sql, parameters(text))
            continue
        executed = _EXECUTED.match(text) if level == "LOG" else None
        if executed is None:
            continue
        sql = executed[1].strip().rstrip(";").strip()
        verb = sql.split(" ", 1)[0].upper()
        if verb == "BEGIN":
            begun[process] = []
        elif verb in ("COMMIT", "ROLLBACK"):
            whole = begun.pop(process, None)
            if verb == "COMMIT" and whole:
                yield tuple(whole)
        elif process in begun and sql:
            begun[process].append(Statement(sql))


def parameters(detail: str) -> tuple[str | None, ...]:
    """The values of `Parameters: $1 = 'a', $2 = NULL`, in order."""
    found = {int(number): value for number, value in _PARAMETER.findall(detail)}
    return tuple(
        None if found[number] == "NULL" else found[number][1:-1].replace("''", "'")
        for number in sorted(found)
    )


def _entries(log: str) -> Iterator[tuple[str, str, str]]:
    entry: tuple[str, str, str] | None = None
    for line in log.split("\n"):
        start = _ENTRY.match(line)
        if start is not None:
            if entry is not None:
                yield entry
            entry = (start[1], start[2], start[3])
        elif entry is not None and line.startswith("\t"):
            entry = (entry[0], entry[1], f"{entry[2]}\n{line[1:]}")
    if entry is not None:
        yield entry


def unique_texts(statements: Sequence[Statement], *known: str) -> tuple[str, ...]:
    """Texts that no two commands may share in a table: UUIDs, and those that are known."""
    uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
    values = [value for one in statements for value in one.parameters if value is not None]
    found = {text for value in values for text in uuid.findall(value)}
    return tuple(sorted(found | {text for text in known if any(text in value for value in values)}))
