"""The main job as its users do it: one restaurant from sign-in to open doors, through the gateway and by events."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.suite import TONGBAN, RunningSuite, tongban_up


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """One suite for the module."""
    directory = tmp_path_factory.mktemp("journey")
    with tongban_up(directory) as running:
        yield running


def test_the_demo_opens_a_restaurant_and_can_be_repeated(suite: RunningSuite) -> None:
    first = suite.demo()
    second = suite.demo()

    assert first["uscc"] != second["uscc"]
    for told in (first, second):
        assert told["permit_number"]
        assert told["grade"] in "AB"
        assert told["saved"]["typed_fields"] < told["saved"]["department_fields"]
        assert told["subscriber"]["repeated"] == 0
    assert suite.status()["is_well"]


def test_a_killed_process_during_the_demo_loses_and_doubles_nothing(suite: RunningSuite) -> None:
    moments = random.Random(7)
    parts = [name for name in suite.pids() if name != "supervisor"]
    assert len(parts) == 12
    moments.shuffle(parts)
    for group in (parts[:4], parts[4:8], parts[8:]):
        demo = subprocess.Popen(
            [*TONGBAN, "demo", "--data", str(suite.data), "--port", str(suite.port), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        killer = threading.Thread(target=_kill_one_after_another, args=(suite, group, moments))
        killer.start()
        out, err = demo.communicate(timeout=240)
        killer.join()

        assert demo.returncode == 0, err[-3000:] + suite.logs()
        assert json.loads(out)["permit_number"]
    _well_again(suite)
    for event in (
        "cn.tongban.gateway.matter.completed.v1",
        "cn.tongban.registration.enterprise.registered.v1",
        "cn.tongban.credit.subject.opened.v1",
        "cn.tongban.licensing.application.approved.v1",
        "cn.tongban.hotline.ticket.rated.v1",
    ):
        told = [each for each in suite.events() if each["type"] == event]
        subjects = [each["subject"] for each in told]
        assert len(subjects) == len(set(subjects)) == 5, f"{event}: {len(subjects)} of 5 demos"


def _kill_one_after_another(suite: RunningSuite, parts: list[str], moments: random.Random) -> None:
    for name in parts:
        time.sleep(moments.uniform(0.5, 2.0))
        pid = suite.pids().get(name)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def _well_again(suite: RunningSuite) -> None:
    deadline = time.monotonic() + 60
    status = suite.status()
    while not status["is_well"] and time.monotonic() < deadline:
        status = suite.status()
    assert status["is_well"], status


def test_two_suites_run_side_by_side(suite: RunningSuite, tmp_path: Path) -> None:
    with tongban_up(tmp_path) as other:
        told = other.demo()

        assert other.port != suite.port
        assert told["permit_number"]
