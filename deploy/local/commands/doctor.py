"""`tongban doctor`: looks for what usually goes wrong, and says the cure."""

import asyncio
import json
from dataclasses import asdict

import typer
from rich.console import Console

from deploy.local.checks import Finding, Severity, check_idle, check_running
from deploy.local.commands.lifecycle import Port
from deploy.local.commands.options import AsJson, Data, data_directory, refusals
from deploy.local.layout import DEFAULT_PORT, Ports
from deploy.local.refusals import NotRunning
from deploy.local.suite import surroundings_of_running


def doctor(data: Data = None, port: Port = DEFAULT_PORT, as_json: AsJson = False) -> None:
    """Examine the machine, the data directory and a running suite; exit code 1 when something is wrong."""
    with refusals():
        directory = data_directory(data)
        findings = list(check_idle(directory, Ports(port)))
        try:
            findings += asyncio.run(check_running(surroundings_of_running(directory)))
            running = True
        except NotRunning:
            running = False
    if as_json:
        print(
            json.dumps({"running": running, "findings": [asdict(finding) for finding in findings]}, indent=2)
        )
    else:
        _show(findings, running=running)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _show(findings: list[Finding], *, running: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        console.print(f"{finding.severity}: {finding.check}: {finding.what}", markup=False)
        console.print(f"  cure: {finding.cure}", markup=False)
    if not findings:
        console.print(
            "nothing wrong found" + ("" if running else " (no suite is running; more is seen when one is)")
        )
