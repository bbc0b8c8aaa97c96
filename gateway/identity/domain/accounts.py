"""Accounts and sessions of natural persons, and the delay that grows with wrong guesses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.security.office import Office
from shared.security.strength import Strength

SESSION_LIFETIME: Final = timedelta(hours=8)
PENDING_LIFETIME: Final = timedelta(minutes=5)
RECENT: Final = timedelta(minutes=10)
FREE_FAILURES: Final = 3
FREE_FAILURES_OF_PEER: Final = 30
NOTICED_FAILURES: Final = 10
LONGEST_DELAY: Final = timedelta(minutes=15)
# How long failures of one peer are held together.
PEER_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    """A person who may sign in; `subject` is opaque, officers belong to an agency and may have an office there.

    An account without a password was opened by an operator and not yet activated, or signs in elsewhere only.
    """

    subject: str
    username: str
    display_name: str
    phone: str
    agency_uscc: str | None
    password_hash: str | None
    scopes: frozenset[str]
    must_change_password: bool = False
    closed_at: datetime | None = None
    version: int = 1
    office: Office | None = None

    @property
    def is_closed(self) -> bool:
        """True where nobody signs in any more."""
        return self.closed_at is not None


@dataclass(frozen=True)
class Session:
    """A sign-in of a person in one browser, which serves every client."""

    session_id: UUID
    id_digest: str
    subject: str
    authenticated_at: datetime
    expires_at: datetime
    strength: Strength = Strength.PASSWORD
    methods: tuple[str, ...] = ("pwd",)
    device: str = ""

    def may_change_account(self, now: datetime, *, has_second_factor: bool) -> bool:
        """Whether what protects the account may be changed: signed in not long ago, and with all that there is."""
        is_recent = now - self.authenticated_at <= RECENT
        return is_recent and (not has_second_factor or self.strength >= Strength.TWO_FACTOR)


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in of which something is still to be proven."""

    id_digest: str
    subject: str
    strength: Strength
    methods: tuple[str, ...]


class AccountEventKind(StrEnum):
    """What a person is told of the own account's history."""

    OPENED = "opened"
    SIGNED_IN = "signed_in"
    STEPPED_UP = "stepped_up"
    GUESSED_AT = "guessed_at"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happened, no secret
    PASSWORD_RECOVERED = "password_recovered"  # noqa: S105
    LINK_ISSUED = "link_issued"
    FACE_REFUSED = "face_refused"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SESSIONS_ENDED = "sessions_ended"
    CHANGED = "changed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True)
class AccountEvent:
    """One entry of the history; `device` is the coarse name of the browser."""

    event_id: UUID
    subject: str
    what: AccountEventKind
    at: datetime
    methods: tuple[str, ...] = ()
    device: str = ""


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    ACTIVATION = "activation"
    RECOVERY = "recovery"

    @property
    def lifetime(self) -> timedelta:
        """How long the link is good."""
        return timedelta(days=3) if self is LinkPurpose.ACTIVATION else timedelta(minutes=30)


@dataclass(frozen=True)
class AccountLink:
    """A link by which the person sets a password, as it is kept."""

    subject: str
    digest: str
    purpose: LinkPurpose
    drops_second_factor: bool
    expires_at: datetime
    is_used: bool = False

    def is_good(self, now: datetime) -> bool:
        """True until it was used or is too old."""
        return not self.is_used and now < self.expires_at


@dataclass(eq=False)
class SignInRefused(Exception):
    """What was typed is not right; not said what of it."""


@dataclass(eq=False)
class SignInTooSoon(Exception):
    """After several failures the next attempt must wait."""

    seconds: int


@dataclass(eq=False)
class LinkNotGood(Exception):
    """The link is unknown, was used, or is too old."""


def strength_of(methods: tuple[str, ...]) -> Strength:
    """Return how strongly these methods (RFC 8176) identify together; another platform's word counts as given."""
    has_second = bool({"otp", "ecl"} & set(methods))
    if "face" in methods and has_second:
        return Strength.FACE
    return Strength.TWO_FACTOR if has_second else Strength.PASSWORD


def delay_after(failures: int, *, free: int = FREE_FAILURES) -> timedelta:
    """Return how long to wait after failures in a row: none at first, then 2 s, doubling, at most 15 min."""
    if failures <= free:
        return timedelta(0)
    doublings = min(failures - free, 12)
    return min(timedelta(seconds=2**doublings), LONGEST_DELAY)
