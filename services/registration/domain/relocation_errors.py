"""Refusals of relocations and hand-overs between registrars."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(eq=False)
class HandOverNotFound(Exception):
    """There is no such hand-over, or it is not the caller's to know."""


@dataclass(eq=False)
class HandOverNotAllowed(Exception):
    """Where it stands does not allow it."""

    standing: str
    action: str


@dataclass(eq=False)
class HandOverInProgress(Exception):
    """The enterprise is on its way already."""

    hand_over_id: str


@dataclass(eq=False)
class NotAKnownRegistrar(Exception):
    """Files are exchanged with the registrars that the region pack names."""


@dataclass(eq=False)
class FileNotSound(Exception):
    """The file that was handed over cannot be entered: `faults` says what is wrong with it."""

    faults: Sequence[object]


@dataclass(eq=False)
class MigrationRestricted(Exception):
    """Nobody is kept from moving: that is no reason to refuse anything (REG-16)."""


@dataclass(eq=False)
class ReasonUnknown(Exception):
    """Filings and files are refused for the reasons that the region pack lists; `known` are they."""

    known: str
