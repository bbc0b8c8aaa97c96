"""Whatever is logged, a line is one JSON object (O05)."""

import json
import logging
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.telemetry.logs import JsonFormatter

ANYTHING = (
    st.text(st.characters(exclude_categories=[])) | st.integers() | st.floats() | st.binary() | st.none()
)


@given(event=st.text(st.characters(exclude_categories=[])), said=ANYTHING)
def test_whatever_is_said_stands_in_one_line_that_can_be_written_and_read(event: str, said: Any) -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, event.replace("%", ""), None, None)
    record.said = said

    line = JsonFormatter("hotline").format(record)

    assert "\n" not in line
    assert json.loads(line.encode("utf-8"), parse_constant=refuse)["service"] == "hotline"


def refuse(constant: str) -> None:
    """NaN and Infinity are no JSON."""
    raise AssertionError(constant)
