"""Refusals about business licences and copies of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(eq=False)
class LicenceUnreadable(Exception):
    """What was presented is no signed licence, or too broken to say which one it would be."""

    reason: str


@dataclass(eq=False)
class LicenceNotInForce(Exception):
    """Of a licence that ended no copies are made."""

    state_name: str


@dataclass(eq=False)
class CopyNotFound(Exception):
    """There is no such copy, or it is another enterprise's."""


@dataclass(eq=False)
class CopyTooLong(Exception):
    """A copy serves for a time that lies ahead and is not longer than the region allows."""

    latest: datetime


@dataclass(eq=False)
class CopyOver(Exception):
    """The copy has expired, or was taken back before."""
