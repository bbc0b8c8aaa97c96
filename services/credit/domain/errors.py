"""Refusals of the credit domain."""

from dataclasses import dataclass
from datetime import date


@dataclass(eq=False)
class SubjectNotFound(Exception):
    """No credit subject is open under this code."""

    uscc: str


@dataclass(eq=False)
class NotInCatalogue(Exception):
    """Only items of the effective catalogue may be recorded."""

    catalogue_item: str


@dataclass(eq=False)
class AgencyOnly(Exception):
    """Only an agency may do this."""


@dataclass(eq=False)
class ProviderNotAllowed(Exception):
    """The item does not name the caller's agency as a providing unit."""

    catalogue_item: str


@dataclass(eq=False)
class PenaltyFactsMissing(Exception):
    """A penalty cannot be admitted before it is known whether it is one of the excluded kinds."""

    catalogue_item: str


@dataclass(eq=False)
class DocumentNotEffective(Exception):
    """Only a document that has taken effect may carry a record."""

    effective_on: date


@dataclass(eq=False)
class RecordAlreadyEntered(Exception):
    """The same provider has entered the same item on the same document."""

    reference: str


@dataclass(eq=False)
class RecordActionNotAllowed(Exception):
    """The record's life cycle has no such step from here."""

    record_status: str
    action: str
