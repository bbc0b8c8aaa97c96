"""The result file keeps its schema, and the table shows what the file holds."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from pydantic import ValidationError
from rich.console import Console

from benchmarks.figures import Figures, Machine, Report, Row, Skipped, percentile, rate_ratio
from benchmarks.table import print_report

LATEST = Path(__file__).parents[2] / "benchmarks" / "results" / "latest.json"


def a_report() -> Report:
    """One comparison and one left out."""
    ours = Figures(who="gateway", count=5_000, per_second=2_500, p50_ms=6.25, p99_ms=98.4)
    peer = Figures(who="HAProxy", count=20_000, per_second=10_000, p50_ms=1.5, p99_ms=3.1)
    row = Row(
        benchmark="proxied_get",
        case="constant upstream",
        explanation="the proxy alone",
        ours=ours,
        peer=peer,
        ratio=rate_ratio(ours, peer),
        ratio_of="requests per second",
        higher_is_better=True,
        notes=("one thread each",),
    )
    machine = Machine(
        cores=2,
        cpu_model="a processor",
        memory_gib=4.0,
        system="Linux",
        load_average_before=0.1,
        load_average_after=1.9,
        versions={"postgresql": "18"},
    )
    return Report(
        made_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        commit="0123456789ab",
        has_uncommitted_changes=False,
        is_quick=True,
        seconds=80.0,
        machine=machine,
        rows=(row,),
        skipped=(
            Skipped(
                benchmark="create_ticket", reason="pgbench is not installed: make setup", is_failure=False
            ),
            Skipped(benchmark="event_delay", reason="Refused: not everything arrived", is_failure=True),
        ),
    )


def test_a_report_is_read_back_as_it_was_written() -> None:
    report = a_report()

    read = Report.model_validate_json(report.model_dump_json(indent=2))

    assert read == report


def test_the_kept_result_is_a_whole_run_in_the_present_schema() -> None:
    text = LATEST.read_text()

    report = Report.model_validate_json(text)

    assert not report.is_quick
    measured = {row.benchmark for row in report.rows} | {one.benchmark for one in report.skipped}
    assert measured == {"proxied_get", "create_ticket", "event_delay", "register_import"}


def test_a_result_with_an_unknown_member_is_refused() -> None:
    text = a_report().model_dump_json().replace('"is_quick"', '"is_brief":true,"is_quick"')

    with pytest.raises(ValidationError) as refused:
        Report.model_validate_json(text)

    assert refused.value.errors()[0]["loc"] == ("is_brief",)


def test_the_table_shows_both_sides_the_ratio_what_it_says_and_what_was_left_out() -> None:
    shown = StringIO()

    print_report(a_report(), Console(file=shown, width=130))

    text = shown.getvalue()
    for part in (
        *("proxied_get", "constant upstream", "2,500/s", "p99 98 ms", "HAProxy", "10,000/s", "0.25 x"),
        *("requests per second: the proxy alone", "left out: create_ticket: pgbench is not installed"),
        "failed: event_delay: Refused: not everything arrived",
        *("0123456789ab", "quick run", "2 cores, a processor", "load average 0.1 before, 1.9 after"),
    ):
        assert part in text


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]

    found = [percentile(hundred, percent) for percent in (0, 50, 99, 100)]

    assert found == [1, 50, 99, 100]
    assert percentile([7.0], 99) == 7.0
