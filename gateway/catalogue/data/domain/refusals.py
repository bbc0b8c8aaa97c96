"""Refusals around resources, requests, needs and corrections."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class SharingNotPossible(Exception):
    """What is asked for goes against the rules of sharing; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class FormAsksAgain(Exception):
    """The form asks for data that a department collects and shares already (一口采集)."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class NotTheOwner(Exception):
    """The resource is another department's: who produces data provides it and answers for it."""

    owner_uscc: str


@dataclass(eq=False)
class BureauDecides(Exception):
    """Only the data bureau publishes, returns, assigns and settles."""


@dataclass(eq=False)
class AlreadyCollected(Exception):
    """Another department collects this datum (一数一源)."""

    datum: str
    owner_uscc: str


@dataclass(eq=False)
class DraftExists(Exception):
    """A new version of this entry is being worked on."""

    resource: str


@dataclass(eq=False)
class SharingRecordNotFound(Exception):
    """There is no such record, or it is between others."""

    record_id: str


@dataclass(eq=False)
class StepNotAllowed(Exception):
    """The record stands where this does not lead anywhere."""

    stands_at: str
    action: str


@dataclass(eq=False)
class AgencyOnly(Exception):
    """Data are shared among agencies: the caller works for none."""


@dataclass(eq=False)
class NotYourStep(Exception):
    """The record is the caller's to see, and another party's to move."""

    action: str


@dataclass(eq=False)
class UsesNoSuchData(Exception):
    """Whoever says that data is wrong uses it under a grant, or is the one whom it is about."""
