"""Refusals of reports, publicity and the list of abnormal operations."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(eq=False)
class ReportNotFound(Exception):
    """There is no such report, or it is not the caller's to know."""


@dataclass(eq=False)
class ListingNotFound(Exception):
    """There is no such entry of the list, or it is not the caller's to know."""


@dataclass(eq=False)
class DisclosureNotFound(Exception):
    """There is no such disclosure, or it is another enterprise's."""


@dataclass(eq=False)
class NotTheSupervisor(Exception):
    """Only officers of the agency that supervises publicity may do this."""


@dataclass(eq=False)
class ReportFaulty(Exception):
    """The report does not fit the region's questions; `faults` lists everything that is wrong."""

    faults: Sequence[object]


@dataclass(eq=False)
class KnownFieldChanged(Exception):
    """A fact of the register is stated otherwise; `faults` says of each by which filing it is changed."""

    faults: Sequence[object]


@dataclass(eq=False)
class ReportNotTaken(Exception):
    """No report for this year is taken from this enterprise now."""

    year: int


@dataclass(eq=False)
class ReportFiled(Exception):
    """The report for the year was filed already."""

    year: int
    where: str


@dataclass(eq=False)
class ReportMoveNotAllowed(Exception):
    """The report stands where this cannot be done, or the time for it is over."""

    report_state: str
    move: str


@dataclass(eq=False)
class AskedAlready(Exception):
    """A department asks for what was asked, or reported, once: the data are where this says."""

    year: int
    where: str
    asked_by: str


@dataclass(eq=False)
class ListingMoveNotAllowed(Exception):
    """The entry stands where this cannot be done."""

    listing_state: str
    move: str


@dataclass(eq=False)
class ListedAlready(Exception):
    """The enterprise is on the list, or about to be, for the same cause."""

    listing_id: str


@dataclass(eq=False)
class GroundsMissing(Exception):
    """The cause is not made out: what has to be recorded first."""

    because_zh: str
    because_en: str


@dataclass(eq=False)
class ObjectionTooLate(Exception):
    """The time for objections is over, or one was raised before."""
