"""Accounts and sessions of natural persons, and the delay that grows with wrong passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.security.strength import Strength

SESSION_LIFETIME: Final = timedelta(hours=8)
FREE_FAILURES: Final = 3
LONGEST_DELAY: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Account:
    """A person who may sign in; `subject` is opaque, officers belong to an agency."""

    subject: str
    username: str
    display_name: str
    phone: str
    agency_uscc: str | None
    password_hash: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Session:
    """A sign-in of a person in one browser, which serves every client."""

    id_digest: str
    subject: str
    authenticated_at: datetime
    expires_at: datetime
    strength: Strength = Strength.PASSWORD
    methods: tuple[str, ...] = ("pwd",)


@dataclass(eq=False)
class SignInRefused(Exception):
    """Name and password do not belong together; not said which."""


@dataclass(eq=False)
class SignInTooSoon(Exception):
    """After several failures the next attempt must wait."""

    seconds: int


def delay_after(failures: int) -> timedelta:
    """Return how long to wait after failures in a row: none up to 3, then 2 s, doubling, at most 15 min."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 12)
    return min(timedelta(seconds=2**doublings), LONGEST_DELAY)
