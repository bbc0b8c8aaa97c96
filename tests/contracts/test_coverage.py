"""The table of requirements names tests that exist, and says of each row whether it holds in full."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
COVERAGE = ROOT / "docs" / "coverage.md"
ROW = re.compile(r"(?:GW|DS|REG|CRD|LIC|HOT|SUP|NFR|EXT)-\d{2}")


def rows() -> list[list[str]]:
    """The cells of each row of every table, without headings."""
    lines = [line for line in COVERAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "row"]


@cache
def functions_in(file: str) -> frozenset[str]:
    """Names of the test functions of a file, without importing it."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def test_every_named_test_exists() -> None:
    named = [test for row in rows() for test in re.findall(r"`([^`]+)`", row[2])]

    missing = [test for test in named if test.split("::")[-1] not in functions_in(test.split("::")[0])]

    assert len(named) > 50
    assert missing == []


def test_a_row_is_known_by_its_id_once_and_has_a_test() -> None:
    ids = [row[0] for row in rows()]

    assert [each for each in ids if ROW.fullmatch(each) is None] == []
    assert len(set(ids)) == len(ids)
    assert [row[0] for row in rows() if "`" not in row[2]] == []


def test_a_row_holds_in_full_or_says_what_is_missing() -> None:
    unclear = [row[0] for row in rows() if (row[1], bool(row[3])) not in {("holds", False), ("partly", True)}]
    states = [row[1] for row in rows()]

    assert unclear == []
    assert f"{states.count('holds')} rows hold, {states.count('partly')} partly." in COVERAGE.read_text()
