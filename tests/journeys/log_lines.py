"""What the parts of a running suite logged."""

import json
import re
from typing import Any

from deploy.local.layout import PARTS
from tests.journeys.suite import RunningSuite

_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+00:00")
_OF_A_REQUEST = {"time", "request_id", "trace_id", "principal", "method", "route", "status", "duration_ms"}
Line = dict[str, Any]


def lines_of(suite: RunningSuite, process: str, having: str = "") -> list[Line]:
    """The lines of a process, such as `gateway.api`, that hold some text; each must be one JSON object."""
    written = (suite.data / "logs" / f"{process}.log").read_bytes()
    wanted = having.encode()
    return [json.loads(line.decode()) for line in written.split(b"\n") if line and wanted in line]


def of_trace(suite: RunningSuite, trace_id: str) -> set[tuple[str, str]]:
    """Which process told what of a trace."""
    processes = [f"{part.name}.{kind}" for part in PARTS for kind in ("api", "worker")]
    return {
        (process, line["event"])
        for process in processes
        for line in lines_of(suite, process, trace_id)
        if line.get("trace_id") == trace_id
    }


def requests_of(suite: RunningSuite, process: str) -> list[Line]:
    """The lines of requests, each complete."""
    found = [line for line in lines_of(suite, process) if line["event"] == "request"]
    for line in found:
        assert set(line) >= _OF_A_REQUEST, line
        assert _UTC.fullmatch(line["time"]), line
    return found
