"""The suite on which all journeys are made; it keeps what earlier ones left, as a city does."""

from collections.abc import Iterator

import pytest

from tests.journeys.suite import RunningSuite, tongban_up


@pytest.fixture(scope="package")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """One suite, stopped after the last journey; `tests/conftest.py` keeps this folder on one worker."""
    with tongban_up(tmp_path_factory.mktemp("journeys")) as running:
        yield running
