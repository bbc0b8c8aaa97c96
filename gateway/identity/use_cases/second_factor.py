"""A person's second factor: begun, confirmed, proven, renewed, removed."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.identity.domain.accounts import Account, AccountEventKind, SignInRefused
from gateway.identity.domain.one_time_code import SECRET_BYTES, is_one_time_code, matching_step
from gateway.identity.domain.recovery_codes import (
    HOW_MANY,
    RECOVERY_CODE_BYTES,
    normalised,
    recovery_code,
)
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.use_cases.account_history import Happening, record
from gateway.identity.use_cases.guessing import admit_attempt, clear_failures, count_failure
from gateway.identity.use_cases.secret_texts import digest_of
from shared.database.unit_of_work import UnitOfWork
from shared.security.sealing import Sealer

SEALED_FOR: Final = "one-time-code"
_TO_CONFIRM: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class GivenCode:
    """A code that a person typed: a one-time code, or a recovery code in its place; and from where."""

    text: str = field(repr=False)
    peer: str
    device: str = ""


async def begin_enrolment(account: Account, sealer: Sealer, uow: UnitOfWork, now: datetime) -> bytes:
    """Return the secret that the person's authenticator is to take; raises SignInRefused where there is one.

    Within a quarter of an hour it stays the same, so that a page that is loaded again shows no other.
    """
    store = SecondFactorStore(uow.session)
    known = await store.lock(account.subject)
    if known is not None and known.is_confirmed:
        raise SignInRefused
    if known is not None and now - known.begun_at < _TO_CONFIRM:
        return sealer.unseal(known.sealed_secret, account.subject.encode())
    secret = secrets.token_bytes(SECRET_BYTES)
    await store.begin(account.subject, sealer.seal(secret, account.subject.encode()), now)
    return secret


async def confirm_enrolment(
    account: Account, given: GivenCode, sealer: Sealer, uow: UnitOfWork, now: datetime
) -> list[str]:
    """Take the authenticator into use because its code is right; returns the recovery codes, shown once.

    Raises: SignInRefused, SignInTooSoon.
    """
    store = SecondFactorStore(uow.session)
    guess = await admit_attempt("code", account.subject, given.peer, uow, now)
    factor = await store.lock(account.subject)
    if factor is None or factor.is_confirmed or now - factor.begun_at >= _TO_CONFIRM:
        raise SignInRefused
    secret = sealer.unseal(factor.sealed_secret, account.subject.encode())
    step = matching_step(secret, _digits(given.text), now, after=0)
    if step is None:
        await count_failure(guess, account.subject, uow, now)
        raise SignInRefused
    await clear_failures(guess, uow, now)
    await store.confirm(account.subject, step, now)
    await record(_happening(AccountEventKind.SECOND_FACTOR_ADDED, account, given), uow, now)
    return await _new_recovery_codes(account, uow)


async def prove_second_factor(
    account: Account, given: GivenCode, sealer: Sealer, uow: UnitOfWork, now: datetime
) -> None:
    """Check a code of the person's authenticator, or a recovery code in its place; each is good once.

    Raises: SignInRefused, SignInTooSoon; the caller keeps the failure that was counted.
    """
    guess = await admit_attempt("code", account.subject, given.peer, uow, now)
    if is_one_time_code(_digits(given.text)):
        right = await takes_one_time_code(account.subject, _digits(given.text), sealer, uow, now)
    else:
        right = await takes_recovery_code(account.subject, given.text, uow, now)
        if right:
            await record(_happening(AccountEventKind.RECOVERY_CODE_USED, account, given), uow, now)
    if not right:
        await count_failure(guess, account.subject, uow, now)
        raise SignInRefused
    await clear_failures(guess, uow, now)


async def takes_one_time_code(
    subject: str, code: str, sealer: Sealer, uow: UnitOfWork, now: datetime
) -> bool:
    """Use a one-time code; False for a wrong one, one that was used, and where there is no authenticator."""
    store = SecondFactorStore(uow.session)
    factor = await store.lock(subject)
    if factor is None or not factor.is_confirmed:
        return False
    secret = sealer.unseal(factor.sealed_secret, subject.encode())
    step = matching_step(secret, code, now, after=factor.last_step)
    if step is None:
        return False
    await store.take_step(subject, step)
    return True


async def takes_recovery_code(subject: str, text: str, uow: UnitOfWork, now: datetime) -> bool:
    """Use a recovery code; False for a wrong one and one that was used."""
    digest = digest_of(normalised(text))
    return await SecondFactorStore(uow.session).take_recovery_code(subject, digest, now)


async def renew_recovery_codes(account: Account, device: str, uow: UnitOfWork, now: datetime) -> list[str]:
    """Return new recovery codes, shown once; the old ones are good no more."""
    await record(Happening(AccountEventKind.RECOVERY_CODES_RENEWED, account.subject, (), device), uow, now)
    return await _new_recovery_codes(account, uow)


async def remove_second_factor(account: Account, device: str, uow: UnitOfWork, now: datetime) -> None:
    """Sign-ins ask for the password alone from now on."""
    await SecondFactorStore(uow.session).remove(account.subject)
    await record(Happening(AccountEventKind.SECOND_FACTOR_REMOVED, account.subject, (), device), uow, now)


async def _new_recovery_codes(account: Account, uow: UnitOfWork) -> list[str]:
    codes = [recovery_code(secrets.token_bytes(RECOVERY_CODE_BYTES)) for _ in range(HOW_MANY)]
    digests = [digest_of(code) for code in codes]
    await SecondFactorStore(uow.session).replace_recovery_codes(account.subject, digests)
    return codes


def _happening(what: AccountEventKind, account: Account, given: GivenCode) -> Happening:
    return Happening(what, account.subject, (), given.device)


def _digits(text: str) -> str:
    return "".join(text.split())
