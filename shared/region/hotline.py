"""The hotline (12345): categories of requests, who answers for each, and how fast."""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field

from shared.region.facts import Fact, Key, Line, Record, Text
from shared.region.names import AgencyRef, CategoryRef, DutyRef, LimitRef

MAX_DEPTH: Final = 3


class RequestKind(Record):
    """咨询、求助、投诉、举报、建议."""

    key: Key
    name: Text


class Category(Fact):
    """A node of the tree; without an agency the nearest ancestor's answers."""

    key: Key
    parent: CategoryRef | None = None
    name: Text
    agency: AgencyRef | None = None
    duty: DutyRef | None = None
    keywords: Annotated[tuple[Line, ...], Field(max_length=50)] = ()


class TicketLevel(Fact):
    """How hard a request is, and the limits that follow."""

    key: Key
    name: Text
    first_contact_limit: LimitRef
    reply_limit: LimitRef


class Hotline(Fact):
    fallback_unit: AgencyRef
    """Answers whatever no category gives to anybody (兜底)."""
    kinds: Annotated[tuple[RequestKind, ...], Field(min_length=1, max_length=10)]
    levels: Annotated[tuple[TicketLevel, ...], Field(min_length=1, max_length=10)]
    default_level: Key
    emergency_lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=1000)]

    def category(self, key: str) -> Category | None:
        return next((category for category in self.categories if category.key == key), None)

    def level(self, key: str) -> TicketLevel | None:
        return next((level for level in self.levels if level.key == key), None)

    def responsible_agency(self, key: str) -> str:
        """The agency that answers for a category: its own, the nearest ancestor's, or the fallback unit."""
        owner = next((node.agency for node in self.lineage(key) if node.agency is not None), None)
        return owner or self.fallback_unit

    def lineage(self, key: str) -> tuple[Category, ...]:
        """The category and its ancestors, nearest first; empty for an unknown key."""
        line: list[Category] = []
        node = self.category(key)
        while node is not None and node not in line:
            line.append(node)
            node = self.category(node.parent) if node.parent is not None else None
        return tuple(line)

    def incoherences(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.level(self.default_level) is None:
            yield ("default_level",), f"unknown level {self.default_level!r}"
        for place, category in enumerate(self.categories):
            line = self.lineage(category.key)
            if line and line[-1].parent is not None:
                yield ("categories", place, "parent"), "the category is its own ancestor"
            elif len(line) > MAX_DEPTH:
                yield ("categories", place, "parent"), f"the tree has more than {MAX_DEPTH} levels"
