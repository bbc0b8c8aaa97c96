"""HTTP load on the loopback address, bounded in time and number: by wrk, or by a generator of our own."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.figures import Figures
from benchmarks.raw_load import run_raw_load
from benchmarks.tools import Tool, find
from deploy.local.layout import HOST
from deploy.local.refusals import Refused

WITHOUT_WRK: Final = (
    "wrk is not installed (apt install wrk): a Python generator made the load and limits the faster side"
)
KEY_HEADER: Final = "Idempotency-Key"

SCRIPT: Final = """\
wrk.method = {method}
wrk.body = {body}
wrk.headers = {headers}
local sent, same = 0, nil
init = function(args) same = wrk.format() end
request = function()
  sent = sent + 1
  if sent > {at_most} then wrk.thread:stop() end
  if not {has_keys} then return same end
  wrk.headers["{key_header}"] = "{key_prefix}" .. sent
  return wrk.format()
end
{pause}done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
"""

# Called before each request of a connection: for how many milliseconds it waits.
PAUSE: Final = "delay = function() return math.floor(0.5 - {pause_ms} * math.log(1 - math.random())) end\n"


@dataclass(frozen=True)
class HttpLoad:
    """One request again and again over kept connections; with `has_keys` each has an idempotency key.

    With `pause_ms` a connection waits as long on average, at random, after each answer: so callers come that know
    nothing of each other, and their number sets the pace, not the server's speed.
    """

    url: str
    connections: int
    seconds: float
    at_most: int
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str | None = None
    has_keys: bool = False
    pause_ms: float | None = None

    def __post_init__(self) -> None:
        if urlsplit(self.url).hostname != HOST:
            raise ValueError(f"load goes to {HOST} only, not to {self.url}")


async def run_load(who: str, load: HttpLoad, folder: Path) -> Figures:
    """Raises: Refused where more is refused than answered: such figures would say nothing."""
    figures = await (_by_wrk(who, load, folder) if find(Tool.WRK) else _by_hand(who, load))
    if figures.errors > max(5, figures.count // 100):
        raise Refused(f"{who}: {figures.errors} of {figures.count} answers were errors")
    return figures


async def _by_wrk(who: str, load: HttpLoad, folder: Path) -> Figures:
    script = folder / "load.lua"
    script.write_text(lua(load))
    process = await asyncio.create_subprocess_exec(
        *(str(find(Tool.WRK)), "--threads", "1", "--connections", str(load.connections)),
        *("--duration", f"{max(1, round(load.seconds))}s", "--timeout", "10s"),
        *("--script", str(script), load.url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), load.seconds + 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    last = output.decode(errors="replace").strip().splitlines()[-1:]
    if process.returncode or not last or not last[0].startswith("{"):
        raise Refused(f"wrk failed: {' '.join(last) or process.returncode}")
    said = json.loads(last[0])
    errors = said["refused"] + said["broken"]
    good = max(0, said["requests"] - said["refused"])
    return Figures(
        who=who,
        count=said["requests"],
        per_second=good / (said["microseconds"] / 1e6),
        p50_ms=said["p50"] / 1000,
        p99_ms=said["p99"] / 1000,
        errors=errors,
    )


async def _by_hand(who: str, load: HttpLoad) -> Figures:
    prefix = secrets.token_hex(8)
    parts = urlsplit(load.url)

    def message(number: int) -> bytes:
        headers = dict(load.headers) | {"Host": parts.netloc}
        if load.has_keys:
            headers[KEY_HEADER] = f"{prefix}-{number}"
        body = (load.body or "").encode()
        if body:
            headers["Content-Length"] = str(len(body))
        lines = [f"{load.method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    took = await run_raw_load(
        message,
        port=parts.port or 80,
        connections=load.connections,
        seconds=load.seconds,
        at_most=load.at_most,
        pause_seconds=(load.pause_ms or 0) / 1000,
    )
    if not took.good_seconds:
        raise Refused(f"{who}: no good answer in {took.elapsed:.1f} s, {took.errors} errors")
    timed = Figures.of_durations(who, took.good_seconds, errors=took.errors)
    return timed.model_copy(update={"per_second": len(took.good_seconds) / took.elapsed})


def lua(load: HttpLoad) -> str:
    """The script that tells wrk what to send, when to stop, and to say its figures as JSON."""
    headers = ", ".join(f"[{_quoted(name)}] = {_quoted(value)}" for name, value in load.headers.items())
    return SCRIPT.format(
        method=_quoted(load.method),
        body="nil" if load.body is None else _quoted(load.body),
        headers=f"{{ {headers} }}",
        at_most=load.at_most,
        has_keys="true" if load.has_keys else "false",
        key_header=KEY_HEADER,
        key_prefix=f"{secrets.token_hex(8)}-",
        pause="" if load.pause_ms is None else PAUSE.format(pause_ms=load.pause_ms),
    )


def _quoted(text: str) -> str:
    """A Lua string; bytes outside printable ASCII as decimal escapes."""
    escaped = (chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03d}" for b in text.encode())
    return f'"{"".join(escaped)}"'
