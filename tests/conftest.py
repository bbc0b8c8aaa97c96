"""One PostgreSQL cluster for the whole run, shared by all workers; each test module gets databases of its own."""

import contextlib
import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from deploy.local.postgres import Cluster, ephemeral_cluster

_HANDOVER = "TONGBAN_TEST_CLUSTER"
# Their tests start whole processes, and so take longest: begun last, they would leave a worker without work.
_LONGEST = ("tests/journeys/", "tests/faults/", "tests/deploy/")
# Its files share one suite of processes, and so stay together.
_SHARING = ("tests/journeys/",)
_stack = contextlib.ExitStack()
# No property depends on how fast the machine is, or on what else it does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the controlling process; the workers find it in their environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    directory = Path(tempfile.mkdtemp(prefix="tongban-test-"))
    _stack.callback(shutil.rmtree, directory, ignore_errors=True)
    cluster = _stack.enter_context(ephemeral_cluster(directory))
    os.environ[_HANDOVER] = json.dumps(
        {"home": str(cluster.home), "port": cluster.port, "password": cluster.superuser_password}
    )


class _Together(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """A file stays on one worker, and so does a folder whose files share what is dear to start."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in _SHARING if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Used for `--dist loadfile`."""
    return _Together(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files for `--dist loadfile`: the longest first, then by how many tests they have."""
    tests = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(_SHARING),
            not item.nodeid.startswith(_LONGEST),
            -tests[item.path],
        )
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if not hasattr(config, "workerinput"):
        _stack.close()


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The run's PostgreSQL cluster."""
    found = json.loads(os.environ[_HANDOVER])
    return Cluster(Path(found["home"]), found["port"], found["password"], durable=False)
