"""A face check (人脸核验) as an adapter: who is asked about whom, and what can come back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

CHECK_LIFETIME: Final = timedelta(minutes=10)


class FaceResult(StrEnum):
    """What the checker says."""

    PENDING = "pending"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True)
class FaceQuestion:
    """Is the person before the camera the holder of this number? Answered at `return_url`, or at once."""

    request_id: UUID
    name: str = field(repr=False)
    citizen_id: str = field(repr=False)
    return_url: str


@dataclass(frozen=True)
class FaceAnswer:
    """The checker's own name of the check, its result, and the page that the person goes to meanwhile."""

    check_id: str
    result: FaceResult
    page_url: str | None = None


@dataclass(frozen=True)
class FaceCheck:
    """A check that was begun in a session."""

    request_id: UUID
    check_id: str
    session_id: UUID
    subject: str
    expires_at: datetime
    is_used: bool = False

    def counts_for(self, session_id: UUID, now: datetime) -> bool:
        """Whether its result still counts, for the session in which it was begun only."""
        return self.session_id == session_id and not self.is_used and now < self.expires_at


@dataclass(eq=False)
class FaceCheckerAway(Exception):
    """The checker did not answer as agreed; `why` holds nothing of the person."""

    why: str


class FaceChecker(Protocol):
    """Compares a face with the national register, or stands in for that and says so."""

    @property
    def is_demonstration(self) -> bool:
        """True where nothing is compared."""

    async def begin(self, question: FaceQuestion) -> FaceAnswer:
        """Ask; raises FaceCheckerAway."""

    async def result(self, check_id: str) -> FaceResult:
        """Return what has come of a check; raises FaceCheckerAway."""
