"""pgbench as the peer of a command: the same statements, values and number of connections."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.captured import Statement
from benchmarks.figures import Figures
from benchmarks.tools import Tool, need
from deploy.local.postgres import SUPERUSER, Cluster, server_environment
from deploy.local.refusals import Refused

_PLACE: Final = re.compile(r"\$(\d+)")
# The digits of a unique text that are counted up: the last 12 of a UUID, the serial of a case number.
_COUNTED: Final = re.compile(r"[0-9a-f]{12}$|[0-9]{6,12}(?!.*[0-9]{6})")
_MOST_CLIENTS: Final = 16


async def script_of(
    statements: Sequence[Statement], unique: Sequence[str], connection: "asyncpg.Connection"
) -> str:
    """The transaction for pgbench; `connection` tells the parameters' types.

    Each client counts its unique texts up in a range of its own, so that no key is met twice.
    """
    lines = ["\\set n :n + 1"]
    widths = {_counted(text).span()[1] - _counted(text).span()[0] for text in unique}
    for width in sorted(widths):
        share = 9 * 10 ** (width - 1) // _MOST_CLIENTS
        lines.append(f"\\set u{width} {10 ** (width - 1)} + :client_id * {share} + :n % {share}")
    lines.append("BEGIN;")
    for statement in statements:
        prepared = await connection.prepare(statement.sql)
        types = [f'"{one.schema}"."{one.name}"' for one in prepared.get_parameters()]
        names = [
            type_name.removesuffix('[]"') + '"[]' if type_name.endswith('[]"') else type_name
            for type_name in types
        ]
        values = [
            f"CAST({_expression(value, unique)} AS {name})"
            for value, name in zip(statement.parameters, names, strict=True)
        ]
        sql = _PLACE.sub(lambda place, v=values: v[int(place[1]) - 1], statement.sql)  # type: ignore[misc]
        lines.append(f"{sql};")
    return "\n".join([*lines, "COMMIT;", ""])


def _expression(value: str | None, unique: Sequence[str]) -> str:
    """A value as SQL, with the counted digits of each unique text in it put in by pgbench."""
    if value is None:
        return "NULL"
    counted = {text: _counted(text) for text in unique if text in value}
    if not counted:
        return _literal(value)
    pieces: list[str] = []
    for piece in re.split("(" + "|".join(map(re.escape, counted)) + ")", value):
        if piece in counted:
            start, end = counted[piece].span()
            pieces += [_literal(piece[:start]), f":u{end - start}", _literal(piece[end:])]
        else:
            pieces.append(_literal(piece))
    return "(" + " || ".join(piece for piece in pieces if piece != "''") + ")"


def _literal(value: str) -> str:
    """A string that pgbench leaves alone: a colon before a letter would be a variable."""
    if "\\" in value or "\n" in value or re.search(r":[A-Za-z_]", value):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        return "E'" + re.sub(r":(?=[A-Za-z_])", r"\\x3a", escaped) + "'"
    return "'" + value.replace("'", "''") + "'"


def _counted(text: str) -> "re.Match[str]":
    found = _COUNTED.search(text)
    if found is None:
        raise ValueError(f"nothing to count up in {text!r}")
    return found


async def run_pgbench(
    who: str,
    cluster: Cluster,
    database: str,
    script: Path,
    *,
    connections: int,
    seconds: float,
    started_at: int,
) -> Figures:
    """Raises: Missing, Refused. `started_at` is where the count begins: at least what earlier runs used."""
    prefix = script.parent / f"{script.stem}-times"
    for old in script.parent.glob(f"{prefix.name}.*"):
        old.unlink()
    process = await asyncio.create_subprocess_exec(
        *(str(need(Tool.PGBENCH)), "--no-vacuum", "--protocol", "prepared"),
        *("--client", str(connections), "--jobs", "1", "--time", str(max(1, round(seconds)))),
        *("--log", "--log-prefix", str(prefix), "--define", f"n={started_at}", "--file", str(script)),
        *("--host", "127.0.0.1", "--port", str(cluster.port), "--username", SUPERUSER, database),
        env=server_environment() | {"PGPASSWORD": cluster.superuser_password},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds + 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said = output.decode(errors="replace")
    rate = re.search(r"tps = ([0-9.]+)", said)
    if process.returncode or rate is None or " aborted " in said:
        raise Refused(f"pgbench failed: {said.strip().splitlines()[-1][:300] if said.strip() else 'no word'}")
    times = [
        int(line.split(" ")[2]) / 1e6
        for path in script.parent.glob(f"{prefix.name}.*")
        for line in path.read_text().splitlines()
    ]
    return Figures.of_durations(who, times).model_copy(update={"per_second": float(rate[1])})
