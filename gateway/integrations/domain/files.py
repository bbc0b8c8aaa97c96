"""Files of events: NDJSON of CloudEvents, or CSV lines of one kind of event."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from gateway.integrations.domain.contract import SentEvent
from gateway.integrations.domain.outside_event import OutsideEvent
from shared.security.strict_json import UnreadableJson, loads_strict

_ATTRIBUTES = ("id", "time", "source", "originregion")
_WHOLE: Final = re.compile("-?[0-9]{1,18}")
Refused = TypeVar("Refused")


@dataclass(frozen=True)
class Line:
    """An event with its place in the file."""

    place: int
    event: OutsideEvent


def read_lines(
    body: bytes,
    event: SentEvent | None,
    most: int,
    parse: Callable[[int, object], Line | Refused],
) -> Iterator[Line | Refused]:
    """Yield what each line states, parsed; `event` says of which kind CSV lines are, None that it is NDJSON.

    A line that cannot be read at all is parsed as None, so that it is told like any other fault; so is the first
    one after `most`.
    """
    stated = _csv(body, event) if event is not None else _ndjson(body)
    for place, each in stated:
        yield parse(place, each if place <= most else None)
        if place > most:
            return


def _ndjson(body: bytes) -> Iterator[tuple[int, object]]:
    for place, line in enumerate(body.splitlines(), start=1):
        if line.strip():
            try:
                yield place, loads_strict(line)
            except UnreadableJson:
                yield place, None


def _csv(body: bytes, event: SentEvent) -> Iterator[tuple[int, object]]:
    """Lines under a header; numbers by the contract's kinds, empty cells left out."""
    kinds = {name.rstrip("?"): kind for name, kind in event.data.items()}
    try:
        rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
        for place, row in enumerate(rows, start=1):
            given = {name: value for name, value in row.items() if name and value}
            if any("\x00" in value for value in given.values()):
                yield place, None
                continue
            data = {
                name: _typed(kinds.get(name, ""), v) for name, v in given.items() if name not in _ATTRIBUTES
            }
            yield (
                place,
                {
                    "specversion": "1.0",
                    "source": "file",
                    "type": event.type,
                    "subject": str(data.get(event.subject, "")),
                    **{name: given[name] for name in _ATTRIBUTES if name in given},
                    "data": data,
                },
            )
    except (UnicodeDecodeError, csv.Error):
        yield 1, None


def _typed(kind: str, value: object) -> object:
    text = str(value)
    return int(text) if kind.startswith("integer") and _WHOLE.fullmatch(text) else text
