"""Refusals of the register of accounts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class AccountNotFound(Exception):
    """There is no such account."""

    subject: str


@dataclass(eq=False)
class AccountExists(Exception):
    """The user name is taken, or the person has an account."""


@dataclass(eq=False)
class AccountNotPossible(Exception):
    """What is asked for cannot be opened or changed; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class AccountActionNotAllowed(Exception):
    """The account is closed, or is not."""

    standing: str
    action: str


@dataclass(eq=False)
class OwnAccountUntouched(Exception):
    """Nobody closes or recovers the account by which they are signed in."""


@dataclass(eq=False)
class CounterOnly(Exception):
    """Only an officer who checked the person may do this: of the data bureau, or at a window."""


@dataclass(eq=False)
class PeopleOnly(Exception):
    """Only a signed-in person has an account of their own."""


@dataclass(eq=False)
class SessionNotFound(Exception):
    """The person has no such session."""

    session_id: str


@dataclass(eq=False)
class ConsentNotFound(Exception):
    """The person has not allowed this client anything."""

    client_id: str
