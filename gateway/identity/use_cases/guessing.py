"""Guessing is made slow: by what is guessed at, one attempt at a time; and by where the guesses come from."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime

from gateway.identity.domain.accounts import (
    FREE_FAILURES_OF_PEER,
    NOTICED_FAILURES,
    PEER_WINDOW,
    AccountEventKind,
    SignInTooSoon,
    delay_after,
)
from gateway.identity.store.failures import FailureStore
from gateway.identity.use_cases.account_history import Happening, record
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Guess:
    """One attempt: at what (`name`, `code` ...), at whose, and from which peer; `failures` came before it."""

    digest: str
    peer: str
    failures: int


async def admit_attempt(what: str, whose: str, peer: str, uow: UnitOfWork, now: datetime) -> Guess:
    """Let an attempt be made, if it is not too early; raises SignInTooSoon.

    Attempts at one name come one after the other; those of one peer need not wait for each other.
    """
    store = FailureStore(uow.session)
    peer_digest = _digest("peer", peer)
    of_peer = await store.retry_at(peer_digest)
    digest = _digest(what, whose)
    failures, of_name = await store.lock(digest, now)
    retry_at = max(of_name, of_peer) if of_peer else of_name
    if now < retry_at:
        raise SignInTooSoon(math.ceil((retry_at - now).total_seconds()))
    return Guess(digest, peer_digest, failures)


async def count_failure(guess: Guess, subject: str | None, uow: UnitOfWork, now: datetime) -> None:
    """The guess was wrong: the next one waits longer. After the tenth in a row the holder can see it."""
    store = FailureStore(uow.session)
    failures = guess.failures + 1
    await store.set(guess.digest, failures, now + delay_after(failures))
    of_peer = await store.add(guess.peer, now, counts_again_before=now - PEER_WINDOW)
    await store.set(guess.peer, of_peer, now + delay_after(of_peer, free=FREE_FAILURES_OF_PEER))
    if failures == NOTICED_FAILURES and subject is not None:
        await record(Happening(AccountEventKind.GUESSED_AT, subject, allowed=False), uow, now)


async def clear_failures(guess: Guess, uow: UnitOfWork, now: datetime) -> None:
    """It was the holder: nothing is held against the name. The peer's other guesses still count."""
    if guess.failures:
        await FailureStore(uow.session).set(guess.digest, 0, now)


def _digest(what: str, whose: str) -> str:
    return hashlib.sha256(f"{what}\0{whose}".encode()).hexdigest()
