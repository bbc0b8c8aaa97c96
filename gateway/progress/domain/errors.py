"""Refusals of this part."""

from dataclasses import dataclass


@dataclass(eq=False)
class CaseNotFound(Exception):
    """There is no such case, or it is not the caller's to know."""

    reference: str


@dataclass(eq=False)
class NothingFiled(Exception):
    """Nothing that the caller may see is filed under this code."""

    uscc: str


@dataclass(eq=False)
class ExceptionNotFound(Exception):
    """No fact waits under this id for its enterprise."""

    event_id: str


@dataclass(eq=False)
class ExceptionsForBureau(Exception):
    """Only the data bureau says whose a fact is."""
