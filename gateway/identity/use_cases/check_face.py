"""A session grows to the highest strength: the face is checked by somebody else, and the answer counts once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.accounts import AccountEventKind, SignInRefused
from gateway.identity.domain.face_checks import (
    CHECK_LIFETIME,
    FaceAnswer,
    FaceCheck,
    FaceQuestion,
    FaceResult,
)
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.face_checks import FaceCheckStore
from gateway.identity.use_cases.account_history import Happening, record
from gateway.identity.use_cases.admit import strengthen
from gateway.identity.use_cases.authorize import SignedIn
from gateway.identity.use_cases.guessing import admit_attempt, clear_failures, count_failure
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7


@dataclass(frozen=True)
class CheckedFace:
    """What a checker answered about whom, in which session; and from where the person asked."""

    signed_in: SignedIn
    request_id: UUID
    answer: FaceAnswer
    peer: str


async def question_about(signed_in: SignedIn, return_url: str, uow: UnitOfWork) -> FaceQuestion:
    """Return what the checker is asked; raises SignInRefused for an account that was closed meanwhile.

    `return_url` gets the request's id as its last parameter.
    """
    on_file = await AccountStore(uow.session).on_file(signed_in.account.subject)
    if on_file is None:
        raise SignInRefused
    request_id = new_uuid7()
    return FaceQuestion(
        request_id, signed_in.account.display_name, on_file.citizen_id, f"{return_url}{request_id}"
    )


async def keep_check(checked: CheckedFace, uow: UnitOfWork, now: datetime) -> None:
    """Remember the check with the session in which it was begun."""
    session = checked.signed_in.session
    check = FaceCheck(
        checked.request_id,
        checked.answer.check_id,
        session.session_id,
        session.subject,
        now + CHECK_LIFETIME,
    )
    await FaceCheckStore(uow.session).add(check)


async def find_check(text: str, signed_in: SignedIn, uow: UnitOfWork, now: datetime) -> FaceCheck | None:
    """Return a check of this very session that still counts."""
    try:
        request_id = UUID(text)
    except ValueError:
        return None
    check = await FaceCheckStore(uow.session).find(request_id)
    is_good = check is not None and check.counts_for(signed_in.session.session_id, now)
    return check if is_good else None


async def take_result(checked: CheckedFace, uow: UnitOfWork, now: datetime) -> str | None:
    """Let the session grow stronger where the face was the person's; returns its new secret, None while pending.

    Raises: SignInRefused for another face, or a result that counted before; SignInTooSoon.
    """
    session = checked.signed_in.session
    if checked.answer.result is FaceResult.PENDING:
        return None
    guess = await admit_attempt("face", session.subject, checked.peer, uow, now)
    is_first = await FaceCheckStore(uow.session).use(checked.request_id, now)
    if not is_first or checked.answer.result is not FaceResult.SAME:
        await count_failure(guess, session.subject, uow, now)
        refused = Happening(AccountEventKind.FACE_REFUSED, session.subject, (), session.device, allowed=False)
        await record(refused, uow, now)
        raise SignInRefused
    await clear_failures(guess, uow, now)
    return await strengthen(session, "face", uow, now)
