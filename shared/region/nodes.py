"""Reads a YAML text into plain values, each with its line, by the core rules of YAML 1.2.

What a city's author could stumble over does not exist: `no` and `on` are texts, `010` is ten, a date is the text
as it is written, no key stands twice, no alias repeats a part, and a tag makes nothing but a text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from yaml import CSafeLoader, MarkedYAMLError, YAMLError, parse
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

MAX_DEPTH: Final = 32
LONGEST_NUMBER: Final = 100

_CONSTANTS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Node(NamedTuple):
    """A value as JSON would have it, the line of its key or entry, and the nodes of what it holds."""

    value: object
    line: int
    parts: "dict[str | int, Node]"


@dataclass(eq=False)
class NotYaml(Exception):
    """The text cannot be read; `line` counts from 1."""

    line: int
    problem: str


def read_yaml(text: str) -> Node | None:
    """The one document of `text`; None when there is none.

    Raises: NotYaml.
    """
    try:
        return _document(parse(text, Loader=CSafeLoader))
    except MarkedYAMLError as refusal:
        line = 1 if refusal.problem_mark is None else refusal.problem_mark.line + 1
        raise NotYaml(line, str(refusal.problem or refusal.context).strip().splitlines()[0]) from refusal
    except YAMLError as refusal:
        raise NotYaml(1, str(refusal).splitlines()[0]) from refusal


def _document(events: Iterator[Event]) -> Node | None:
    document: Node | None = None
    for event in events:
        if isinstance(event, DocumentStartEvent) and document is not None:
            raise NotYaml(_line_of(event), "found another document")
        if isinstance(event, NodeEvent):
            document = _node(event, events, _line_of(event), depth=1)
    return document


def _node(event: Event, events: Iterator[Event], line: int, *, depth: int) -> Node:
    """The node that `event` begins; what belongs to it is taken from `events`."""
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
        raise NotYaml(_line_of(event), "found an anchor or alias; write the part out where it is needed")
    if isinstance(event, ScalarEvent):
        return Node(_scalar(event.value) if event.implicit[0] else str(event.value), line, {})
    if depth > MAX_DEPTH:
        raise NotYaml(_line_of(event), f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(event, MappingStartEvent):
        entries = dict(_entries(events, depth))
        return Node({key: entry.value for key, entry in entries.items()}, line, entries)
    items = dict(_items(events, depth))
    return Node([item.value for item in items.values()], line, items)


def _entries(events: Iterator[Event], depth: int) -> Iterator[tuple[str | int, Node]]:
    seen: set[str] = set()
    while not isinstance(event := next(events), MappingEndEvent):
        line = _line_of(event)
        if not isinstance(event, ScalarEvent):
            raise NotYaml(line, "found a key that is no text")
        key = str(event.value)
        if key in seen:
            raise NotYaml(line, f"found duplicate key {key!r}")
        seen.add(key)
        yield key, _node(next(events), events, line, depth=depth + 1)


def _items(events: Iterator[Event], depth: int) -> Iterator[tuple[str | int, Node]]:
    place = 0
    while not isinstance(event := next(events), SequenceEndEvent):
        yield place, _node(event, events, _line_of(event), depth=depth + 1)
        place += 1


def _line_of(event: Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else int(mark.line) + 1


def _scalar(text: str) -> str | int | float | bool | None:
    """What a scalar without quotes and tag means.

    Source: YAML 1.2.2, 10.3.2 (core schema).
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789" or len(text) > LONGEST_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "", 1)) if _NOT_FINITE.fullmatch(text) else text
