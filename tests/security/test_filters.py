"""A filter is taken by its letters: no wildcard, no command, and never as if it were not there (W11)."""

import pytest

from tests.registration.builders import ANN, FILINGS, filing
from tests.registration.conftest import registration
from tests.support.service import ServiceUnderTest

__all__ = ["registration"]

ENTERPRISES = "/registration/v1/enterprises"


@pytest.mark.parametrize("name", ["_", "-", " ", "（）", "  _ "])
async def test_a_name_of_marks_alone_is_refused_and_not_left_out(
    registration: ServiceUnderTest, name: str
) -> None:
    taken = await registration.post(FILINGS, filing(), ANN)

    found = await registration.get(ENTERPRISES, name=name)
    checked = await registration.get("/registration/v1/names/check", name=name * 2)

    assert taken.json()["status"] == "approved"
    for answer in (found, checked):
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["pointer"] == "query:name"


@pytest.mark.parametrize(
    "name", ["%", "永%", "' OR '1'='1", "永'; DROP TABLE enterprise;--", "永\\", "永*", "永.*"]
)
async def test_what_another_language_would_carry_out_is_read_as_letters(
    registration: ServiceUnderTest, name: str
) -> None:
    await registration.post(FILINGS, filing(), ANN)

    answer = await registration.get(ENTERPRISES, name=name)
    all_of_them = await registration.get(ENTERPRISES, name="永")

    assert answer.status_code in (200, 400)
    assert answer.json().get("entries", []) == []
    assert all_of_them.json()["entries"] != []
