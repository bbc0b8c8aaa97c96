"""Refusals of the audit part."""

from dataclasses import dataclass


@dataclass(eq=False)
class AuditorsOnly(Exception):
    """Only the data bureau audits everybody's readings (审计)."""


@dataclass(eq=False)
class EntryNotFound(Exception):
    """The log has no such entry, or none that the caller may see."""

    number: int


@dataclass(eq=False)
class IntervalOpen(Exception):
    """The entry's interval is not closed yet: there is no root to prove it against."""

    number: int
