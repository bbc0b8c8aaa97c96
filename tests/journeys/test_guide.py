"""The integrator's guide works as written: every block is typed into a terminal beside a running suite."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import Ports, checkout
from tests.journeys.guide_blocks import Block, Shell, blocks_of, provide_curl
from tests.journeys.guide_person import Person
from tests.journeys.suite import RunningSuite, tongban_up

GUIDE = checkout() / "docs" / "integrators-guide.md"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """A suite that nobody has used yet."""
    with tongban_up(tmp_path_factory.mktemp("guide")) as running:
        yield running


def environment_of_reader(suite: RunningSuite, directory: Path) -> dict[str, str]:
    """A terminal on this machine, with the addresses of the suite under test."""
    provide_curl(directory / "bin", sys.executable, checkout())
    path = os.pathsep.join([str(directory / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    return inherited | {
        "PATH": path,
        "TMPDIR": str(directory),
        "TONGBAN_URL": suite.url,
        "TONGBAN_NATS": f"nats://127.0.0.1:{Ports(suite.port).nats}",
        "TONGBAN_DATA": str(suite.data),
    }


def events_not_applied(suite: RunningSuite, *, within: float) -> dict[str, dict[str, int]]:
    """What every service still has to apply or gave up; nothing, once all have caught up."""
    deadline = time.monotonic() + within
    while True:
        backlogs = {part["name"]: part["backlog"] for part in suite.status()["parts"]}
        left = {name: found for name, found in backlogs.items() if found["waiting"] or found["parked"]}
        if not left or time.monotonic() > deadline:
            return left


def test_every_block_of_the_guide_runs_and_prints_what_it_shows(fresh: RunningSuite, tmp_path: Path) -> None:
    accounts = json.loads((fresh.data / "secrets.json").read_text())["accounts"]
    person = Person("zhangsan", accounts["zhangsan"])
    blocks = blocks_of(GUIDE)

    with Shell(environment_of_reader(fresh, tmp_path), checkout(), person.watch) as shell:
        for block in blocks:
            printed = shell.type(block, tmp_path / "block.sh")
            assert block.promises(printed), f"line {block.line} of the guide prints:\n{printed}"

    assert len(blocks) > 20
    assert person.has_signed_in()
    assert events_not_applied(fresh, within=20) == {}


def test_two_suites_run_side_by_side(suite: RunningSuite, fresh: RunningSuite) -> None:
    here, there = suite.demo(), fresh.demo()

    assert fresh.port != suite.port
    assert here["permit_number"]
    assert there["permit_number"]
    assert here["uscc"] not in {event["subject"] for event in fresh.events()}


@pytest.mark.parametrize(
    ("shown", "printed", "kept"),
    [
        ("one\ntwo\n", "one\ntwo", True),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour", True),
        ("hold ... of ...", "hold 4 of 4", True),
        ("one\n", "one\ntwo", False),
        ("is_valid: True", "is_valid: False", False),
    ],
)
def test_a_promise_is_the_whole_output(shown: str, printed: str, kept: bool) -> None:
    assert Block(1, "", shown).promises(printed) is kept
