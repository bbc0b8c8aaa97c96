"""Refusals of the registers of clients and systems."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class ClientsOnly(Exception):
    """Only a client in its own name has this: the caller is a person, or acts for one."""


@dataclass(eq=False)
class ClientNotFound(Exception):
    """There is no such client."""

    client_id: str


@dataclass(eq=False)
class ClientIdTaken(Exception):
    """Another client has this id, or had it."""

    client_id: str


@dataclass(eq=False)
class ClientNotPossible(Exception):
    """What is asked for cannot be registered; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class ClientActionNotAllowed(Exception):
    """The client's standing does not allow the action."""

    standing: str
    action: str


@dataclass(eq=False)
class OwnStandingUntouched(Exception):
    """Nobody suspends or closes the client by which it is calling."""

    client_id: str


@dataclass(eq=False)
class TooManyKeys(Exception):
    """The client has as many living keys as it may."""

    most: int


@dataclass(eq=False)
class LastKey(Exception):
    """Without this key the client could prove itself no longer."""

    kid: str


@dataclass(eq=False)
class KeyNotFound(Exception):
    """The client has no such key, or no longer."""

    kid: str


@dataclass(eq=False)
class SystemNotFound(Exception):
    """There is no such system, or it is another agency's."""

    system_id: str


@dataclass(eq=False)
class SystemIdTaken(Exception):
    """Another system has this id."""

    system_id: str


@dataclass(eq=False)
class SystemNotPossible(Exception):
    """What is asked for cannot be registered; `faults` names every reason."""

    faults: tuple["FieldFault", ...]
