"""`python -m benchmarks`: measures, shows the table, writes benchmarks/results/latest.json."""

import asyncio
import sys
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

Only = Annotated[list[str] | None, typer.Option("--only", help=f"May be repeated: {', '.join(BENCHMARKS)}.")]
Quick = Annotated[bool, typer.Option("--quick", help="A short run, whose figures say less.")]
Output = Annotated[Path, typer.Option("--output", help="Where the figures are written, as JSON.")]
Show = Annotated[bool, typer.Option("--show", help="Only show the figures that --output holds.")]


def main(only: Only = None, quick: Quick = False, output: Output = RESULTS, show: Show = False) -> None:
    """Measure the suite beside named peers, in one run on this machine."""
    console = Console()
    if show:
        print_report(Report.model_validate_json(output.read_text()), console)
        return
    unknown = set(only or ()) - BENCHMARKS.keys()
    if unknown:
        raise typer.BadParameter(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    names = [name for name in BENCHMARKS if not only or name in only]
    try:
        report = _measured(names, quick, console)
    except Refused as refused:
        print(f"benchmarks: {refused}", file=sys.stderr)
        raise typer.Exit(1) from refused
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(report.model_dump_json(indent=2) + "\n")
    print_report(report, console)
    console.print(f"written to {output}", style="dim")
    if not report.rows:
        raise typer.Exit(1)


def _measured(names: list[str], quick: bool, console: Console) -> Report:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def advance(what: str) -> None:
            progress.update(task, description=what)
            if not console.is_terminal:
                print(what, flush=True)

        return asyncio.run(run(names, QUICK if quick else FULL, advance))


if __name__ == "__main__":
    typer.run(main)
