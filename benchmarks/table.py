"""Shows a report: one line per comparison with what it says, then what was left out, then the machine."""

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.figures import Figures, Report, Row, Skipped


def print_report(report: Report, console: Console) -> None:
    """Print the table and the lines below it."""
    console.print(rendered(report))


def rendered(report: Report) -> RenderableType:
    """The whole report for a terminal."""
    lines: list[RenderableType] = [_rows(report.rows)]
    lines += [_skipped(one) for one in report.skipped]
    lines.append(Text(_machine(report), style="dim"))
    return Group(*lines)


def _rows(rows: tuple[Row, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, title="Tongban beside its peers, in one run")
    table.add_column("what", overflow="fold", min_width=18)
    table.add_column("Tongban", justify="right", no_wrap=True)
    table.add_column("peer", justify="right")
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("what it says", overflow="fold", min_width=24, ratio=1)
    for row in rows:
        table.add_row(
            Text.assemble((row.benchmark, "bold"), f"\n{row.case}"),
            figures_text(row.ours),
            f"{row.peer.who}\n{figures_text(row.peer)}",
            Text.assemble((ratio_text(row.ratio), "bold"), f"\n{_direction(row)}"),
            Text.assemble((f"{row.ratio_of}: ", "italic"), row.explanation),
        )
    return table


def _skipped(one: Skipped) -> Text:
    if one.is_failure:
        return Text(f"failed: {one.benchmark}: {one.reason}", style="red")
    return Text(f"left out: {one.benchmark}: {one.reason}", style="yellow")


def figures_text(figures: Figures) -> str:
    """The figures of one side in a few short lines."""
    lines = []
    if figures.per_second is not None:
        lines.append(f"{figures.per_second:,.0f}/s")
    if figures.p50_ms is not None:
        lines.append(f"p50 {_milliseconds(figures.p50_ms)}")
    if figures.p99_ms is not None:
        lines.append(f"p99 {_milliseconds(figures.p99_ms)}")
    if figures.errors:
        lines.append(f"{figures.errors} errors")
    return "\n".join(lines)


def ratio_text(ratio: float) -> str:
    """Two figures that matter."""
    return f"{ratio:.1f} x" if ratio >= 10 else f"{ratio:.2f} x" if ratio >= 0.1 else f"{ratio:.3f} x"


def _direction(row: Row) -> str:
    return "more is better" if row.higher_is_better else "less is better"


def _milliseconds(value: float) -> str:
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def _machine(report: Report) -> str:
    machine = report.machine
    commit = report.commit or "no commit"
    state = f"{commit}{' with uncommitted changes' if report.has_uncommitted_changes else ''}"
    return (
        f"{report.made_at:%Y-%m-%d %H:%M} UTC, {state}, {'quick run, ' if report.is_quick else ''}"
        f"{report.seconds:.0f} s; {machine.cores} cores, {machine.cpu_model}, {machine.memory_gib} GiB; "
        f"load average {machine.load_average_before} before, {machine.load_average_after} after"
    )
