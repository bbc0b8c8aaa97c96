"""Refusals of the item catalogue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class ItemNotFound(Exception):
    """There is no such item, or none in force on that day."""

    item_code: str


@dataclass(eq=False)
class ItemExists(Exception):
    """An item code has one standard, at all offices of its levels; there is one already."""

    item_code: str


@dataclass(eq=False)
class NotItemOwner(Exception):
    """Only the department that owns an item drafts, publishes and withdraws it, as a whole and not an office of it."""


@dataclass(eq=False)
class ItemFlawed(Exception):
    """The standard cannot stand so; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class ItemActionNotAllowed(Exception):
    """The item's status does not allow the action."""

    item_status: str
    action: str


@dataclass(eq=False)
class NothingDrafted(Exception):
    """There is no draft that could be read or published."""

    item_code: str


@dataclass(eq=False)
class ProofNotFound(Exception):
    """The list of proofs has no such entry."""

    proof_code: str


@dataclass(eq=False)
class ProofExists(Exception):
    """The list of proofs has an entry of this code."""

    proof_code: str


@dataclass(eq=False)
class ProofCancelled(Exception):
    """The entry was cancelled already."""

    proof_code: str


@dataclass(eq=False)
class ProofListKeeperOnly(Exception):
    """The list of proofs is kept by one agency for the region."""


@dataclass(eq=False)
class NationalListOnly(Exception):
    """The market-access list is the nation's; no locality adds to it."""
