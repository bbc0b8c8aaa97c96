"""Refusals of the register."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(eq=False)
class FilingNotFound(Exception):
    """There is no such filing, or it is not the caller's to know."""


@dataclass(eq=False)
class EnterpriseNotFound(Exception):
    """No enterprise has this credit code here."""


@dataclass(eq=False)
class StaleVersion(Exception):
    """Somebody else changed the enterprise: it was not locked before it was changed."""

    uscc: str
    version: int


@dataclass(eq=False)
class NotTheOwner(Exception):
    """Filings about an enterprise are its own to make, or the window's for it."""


@dataclass(eq=False)
class KindNotOffered(Exception):
    """Filings of this kind are not made here."""

    kind: str


@dataclass(eq=False)
class AnotherMatter(Exception):
    """A filing stays of its kind and about its enterprise; for something else a new one is made."""

    kind: str


@dataclass(eq=False)
class FilingInProgress(Exception):
    """An officer has another filing about the enterprise; one is decided after the other."""

    filing_id: str


@dataclass(eq=False)
class EnterpriseStateForbids(Exception):
    """In the state that the register says, the enterprise cannot do this."""

    state: str
    act: str


@dataclass(eq=False)
class FaultsRemain(Exception):
    """A rule is broken; an officer cannot approve the filing as it is. `faults` lists them."""

    faults: Sequence[object]


@dataclass(eq=False)
class LicenceNotFound(Exception):
    """No licence with this identifier was issued here."""


@dataclass(eq=False)
class ImportNotFound(Exception):
    """There is no such import."""


@dataclass(eq=False)
class ActionNotAllowed(Exception):
    """The filing's status does not allow it."""

    filing_status: str
    action: str


@dataclass(eq=False)
class NameTaken(Exception):
    """Somebody else has the name or reserves it; `faults` lists all that is wrong with the filing."""

    faults: Sequence[object]


@dataclass(eq=False)
class NotTheRegistrar(Exception):
    """Only officers of the registrar may do this."""


@dataclass(eq=False)
class RepresentativeOnFile(Exception):
    """Who stands for the enterprise is on file; a filing changes it."""


@dataclass(eq=False)
class CodesExhausted(Exception):
    """The block of organisation codes is used up."""


@dataclass(eq=False)
class BatchOverlaps(Exception):
    """Some lines of the batch were taken over before, in a batch that began elsewhere."""

    first_line: int
    last_line: int


@dataclass(eq=False)
class BatchBeyondFile(Exception):
    """The batch goes beyond the lines that the import announced."""

    total_lines: int


@dataclass(eq=False)
class ImportCompleted(Exception):
    """The import is completed and takes no more batches."""


@dataclass(eq=False)
class ImportIncomplete(Exception):
    """Lines are missing; `missing_from` is the first of them."""

    missing_from: int


@dataclass(eq=False)
class BarNotFound(Exception):
    """There is no such bar on a person."""


@dataclass(eq=False)
class BarLifted(Exception):
    """The bar was lifted before."""


@dataclass(eq=False)
class FollowUpNotFound(Exception):
    """There is nothing of this id to look at, or it is not the caller's to know."""


@dataclass(eq=False)
class FollowUpConcluded(Exception):
    """Somebody has looked at it before."""


@dataclass(eq=False)
class FilingForgotten(Exception):
    """What was personal of the filing is erased: it cannot be looked at again."""


@dataclass(eq=False)
class AppealNotFound(Exception):
    """There is no such appeal, or it is not the caller's to know."""


@dataclass(eq=False)
class AppealActionNotAllowed(Exception):
    """The appeal's status does not allow it."""

    appeal_status: str
    action: str


@dataclass(eq=False)
class AppealInProgress(Exception):
    """The refusal is appealed already; one appeal at a time."""


@dataclass(eq=False)
class NotRefused(Exception):
    """Only a refusal can be appealed with a precedent."""

    filing_status: str
