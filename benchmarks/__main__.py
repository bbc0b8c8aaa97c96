"""`python -m benchmarks`: measures, shows the table, writes benchmarks/results/latest.json."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from benchmarks.bench import FULL, QUICK
from benchmarks.figures import Report
from benchmarks.running import BENCHMARKS, run
from benchmarks.table import print_report
from deploy.local.refusals import Refused

RESULTS: Final = Path(__file__).parent / "results" / "latest.json"
# Of the table where nobody's terminal has a width.
LINE_WIDTH: Final = 130

Only = Annotated[list[str] | None, typer.Option("--only", help=f"May be repeated: {', '.join(BENCHMARKS)}.")]
Quick = Annotated[bool, typer.Option("--quick", help="A short run, whose figures say less.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", help="Where the figures go as JSON.", show_default="results/latest.json, if whole"
    ),
]
Show = Annotated[
    bool, typer.Option("--show", help="Show the figures of the last whole run, measure nothing.")
]


def main(only: Only = None, quick: Quick = False, output: Output = None, show: Show = False) -> None:
    """Measure the suite beside named peers, in one run on this machine.

    Only a whole run is kept in results/latest.json; a quick or partial one where --output says.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=LINE_WIDTH)
    if show:
        print_report(Report.model_validate_json((output or RESULTS).read_text()), console)
        return
    unknown = set(only or ()) - BENCHMARKS.keys()
    if unknown:
        raise typer.BadParameter(f"there are {', '.join(BENCHMARKS)}", param_hint="--only")
    names = [name for name in BENCHMARKS if not only or name in only]
    try:
        report = _measured(names, quick, console)
    except Refused as refused:
        print(f"benchmarks: {refused}", file=sys.stderr)
        raise typer.Exit(1) from refused
    except asyncio.CancelledError as stopped:
        raise typer.Exit(128 + signal.SIGTERM) from stopped
    print_report(report, console)
    has_failed = not report.rows or any(one.is_failure for one in report.skipped)
    is_whole = not quick and names == list(BENCHMARKS) and not has_failed
    _keep(report, output or (RESULTS if is_whole else None))
    if has_failed:
        raise typer.Exit(1)


def _measured(names: list[str], quick: bool, console: Console) -> Report:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def advance(what: str) -> None:
            progress.update(task, description=what)
            if not console.is_terminal:
                print(what, flush=True)

        return asyncio.run(_until_terminated(run(names, QUICK if quick else FULL, advance)))


async def _until_terminated(work: Coroutine[None, None, Report]) -> Report:
    """SIGTERM ends it as Ctrl-C does: with everything stopped that was started."""
    task = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def _keep(report: Report, path: Path | None) -> None:
    if path is None:
        print("not kept: a quick, partial or failed run goes only where --output says")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.model_dump_json(indent=2) + "\n")
    print(f"written to {path}")


if __name__ == "__main__":
    typer.run(main)
