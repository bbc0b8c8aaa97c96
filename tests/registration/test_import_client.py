"""`tongban import enterprises` against the running service: real HTTP, files as cities have them."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

from benchmarks.make_register import HEADER, make_rows
from deploy.local.importing import ImportSummary, import_enterprises
from deploy.local.reconciling import reconcile_enterprises
from deploy.local.refusals import Refused
from tests.registration.builders import ANN, IMPORTER, row
from tests.support.identities import still_good
from tests.support.service import ServiceUnderTest
from tests.support.waiting import eventually


async def importer() -> str:
    return still_good(IMPORTER)


async def run(file: Path, base_url: str, report: Path | None = None) -> ImportSummary:
    return await import_enterprises(file, base_url, importer, report, progress=False)


def a_file(
    path: Path, rows: list[list[str]], encoding: str = "utf-8", header: tuple[str, ...] = HEADER
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


async def test_a_file_is_imported_in_batches_and_again_without_a_change(
    base_url: str, tmp_path: Path
) -> None:
    file = a_file(tmp_path / "old.csv", list(make_rows(1300, seed=7)))
    report = tmp_path / "report.csv"

    first = await run(file, base_url, report)
    second = await run(file, base_url)

    assert first.rows == 1300 == first.imported + first.refused
    assert first.refused > 0
    assert (second.imported, second.unchanged, second.refused) == (0, first.imported, first.refused)
    listed = list(csv.DictReader(report.open(encoding="utf-8-sig")))
    assert len({entry["line"] for entry in listed if entry["outcome"] == "refused"}) == first.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_encodings_of_chinese_registers_are_told_apart(
    base_url: str, tmp_path: Path, registration: ServiceUnderTest, encoding: str
) -> None:
    serial = {"utf-8": 300, "utf-8-sig": 301, "gb18030": 302}[encoding]

    summary = await run(
        a_file(tmp_path / "old.csv", [row(serial, name=f"永济{encoding}号店")], encoding), base_url
    )

    assert summary.imported == 1
    found = await registration.rows("SELECT name FROM enterprise WHERE name = :n", n=f"永济{encoding}号店")
    assert len(found) == 1


async def test_columns_in_another_order_and_cells_over_lines_are_read(
    base_url: str, tmp_path: Path, registration: ServiceUnderTest
) -> None:
    cells = row(310, scope="餐饮服务；\n外卖")
    file = a_file(tmp_path / "old.csv", [cells[::-1], row(311)[::-1]], header=HEADER[::-1])

    summary = await run(file, base_url)

    assert summary.imported == 2
    [found] = await registration.rows("SELECT scope_stated FROM enterprise WHERE uscc = :u", u=cells[1])
    assert found["scope_stated"] == "餐饮服务；\n外卖"


async def test_what_no_reader_takes_is_listed_by_its_line(base_url: str, tmp_path: Path) -> None:
    report = tmp_path / "report.ndjson"
    file = a_file(
        tmp_path / "old.csv", [row(320), row(321, name="永\0济"), row(322, scope="长" * 30_000), row(323)[:5]]
    )

    summary = await run(file, base_url, report)

    assert (summary.imported, summary.refused) == (1, 3)
    told = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [(entry["line"], entry["reasons"][0]["code"]) for entry in told] == [
        (3, "cell.unreadable"),
        (4, "cell.too_long"),
        (5, "row.columns"),
    ]


async def test_an_interrupted_import_goes_on_where_it_was(
    base_url: str, tmp_path: Path, registration: ServiceUnderTest
) -> None:
    file = a_file(tmp_path / "old.csv", list(make_rows(4000, seed=8)))
    begun = asyncio.create_task(run(file, base_url))

    async def some_done() -> bool:
        done = await registration.rows(
            "SELECT count(*) AS n FROM register_import_batch b JOIN register_import i ON i.id = b.import_id"
            " WHERE i.total_lines = 4001"
        )
        return bool(done[0]["n"])

    await eventually(some_done)
    begun.cancel()
    await asyncio.gather(begun, return_exceptions=True)
    summary = await run(file, base_url)

    assert summary.imported + summary.refused == 4000
    assert summary.unchanged == 0
    imports = await registration.rows("SELECT id FROM register_import WHERE total_lines = 4001")
    assert len(imports) == 1


async def test_a_foreign_file_and_a_missing_right_are_refused_in_one_line(
    base_url: str, tmp_path: Path
) -> None:
    foreign = a_file(tmp_path / "foreign.csv", [["a"]], header=("x",))
    sound = a_file(tmp_path / "sound.csv", [row(330)])

    async def nobody() -> str:
        return still_good(ANN)

    async def expired() -> str:
        return "a.token.grown-old"

    with pytest.raises(Refused, match="企业名称"):
        await run(foreign, base_url)
    with pytest.raises(Refused, match="403"):
        await import_enterprises(sound, base_url, nobody, None, progress=False)
    with pytest.raises(Refused, match="401"):
        await import_enterprises(sound, base_url, expired, None, progress=False)


async def test_a_token_that_grew_old_on_the_way_is_renewed(base_url: str, tmp_path: Path) -> None:
    tokens = iter(["a.token.grown-old", still_good(IMPORTER)])

    async def renewed() -> str:
        return next(tokens)

    file = a_file(tmp_path / "old.csv", [row(335)])

    summary = await import_enterprises(file, base_url, renewed, None, progress=False)

    assert (summary.imported, list(tokens)) == (1, [])


async def test_a_register_is_compared_both_ways_by_its_file(
    base_url: str, tmp_path: Path, registration: ServiceUnderTest
) -> None:
    await run(a_file(tmp_path / "old.csv", [row(340), row(341)]), base_url)
    outside = tmp_path / "outside.csv"
    header = (*HEADER, "登记状态")
    a_file(outside, [[*row(340), "歇业"], [*row(342), ""]], header=header)
    report = tmp_path / "differences.csv"

    summary = await reconcile_enterprises(outside, base_url, importer, "140881", report, progress=False)

    assert (summary.rows, summary.same, summary.differing_fields, summary.only_there) == (2, 0, 1, 1)
    assert summary.only_here >= 1
    listed = list(csv.DictReader(report.open(encoding="utf-8-sig")))
    assert (listed[0]["field"], listed[0]["ours"], listed[0]["theirs"]) == ("state", "active", "suspended")
    found = (await registration.get(f"/registration/v1/enterprises/{row(340)[1]}")).json()
    assert found["state"] == "active"
