"""The machine, the versions and the commit behind a result."""

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

import psutil

from benchmarks.tools import Tool, find
from deploy.local import broker, postgres
from deploy.local.layout import checkout

LIBRARIES: Final = (
    "uvicorn",
    "uvloop",
    "httptools",
    "fastapi",
    "sqlalchemy",
    "asyncpg",
    "nats-py",
    "python-jose",
)


def cpu_model() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_gib() -> float:
    return round(psutil.virtual_memory().total / 2**30, 1)


def system() -> str:
    """Operating system and kernel."""
    return f"{platform.system()} {platform.release()}"


def load_average() -> float:
    """Of the last minute: how many processes wanted a core."""
    return round(os.getloadavg()[0], 2)


def versions() -> dict[str, str]:
    """Of everything whose speed is measured."""
    programs = {
        "postgresql": [str(postgres.binary("postgres")), "--version"],
        "nats-server": [str(broker.binary()), "--version"],
        "haproxy": _of_tool(Tool.HAPROXY, "-v"),
        "wrk": _of_tool(Tool.WRK, "-v"),
        "pgbench": _of_tool(Tool.PGBENCH, "--version"),
    }
    known = {name: _first_line(command) for name, command in programs.items() if command}
    return {"python": platform.python_version()} | known | {name: _installed(name) for name in LIBRARIES}


def commit() -> tuple[str | None, bool]:
    """The checkout's commit, and whether files differ from it; None where this is no checkout."""
    name = _git("rev-parse", "--short=12", "HEAD")
    return (name or None, bool(_git("status", "--porcelain")))


def _git(*arguments: str) -> str:
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=checkout(), capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def _of_tool(tool: Tool, option: str) -> list[str] | None:
    path = find(tool)
    return [str(path), option] if path else None


def _first_line(command: list[str]) -> str:
    # wrk says its version on standard output and ends with 1
    result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    lines = (result.stdout or result.stderr).strip().splitlines()
    return lines[0][:80] if lines else "unknown"


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
