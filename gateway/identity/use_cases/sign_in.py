"""A person signs in with name and password; what else is to be proven is asked for next."""

from dataclasses import dataclass, field
from datetime import datetime

from gateway.identity.domain.accounts import Account, SignInRefused
from gateway.identity.store.accounts import AccountStore
from gateway.identity.use_cases.guessing import admit_attempt, clear_failures, count_failure
from gateway.identity.use_cases.passwords import Passwords
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class SignIn:
    """What the person typed, and a digest of where it came from."""

    username: str
    password: str = field(repr=False)
    peer: str


async def check_password(command: SignIn, passwords: Passwords, uow: UnitOfWork, now: datetime) -> Account:
    """Return whose name and password they are.

    Raises: SignInRefused, SignInTooSoon; the caller keeps the failure that was counted (it commits).
    """
    guess = await admit_attempt("name", command.username, command.peer, uow, now)
    account = await AccountStore(uow.session).find_by_username(command.username)
    right = await passwords.verify(account.password_hash if account else None, command.password)
    if account is None or not right:
        await count_failure(guess, account.subject if account else None, uow, now)
        raise SignInRefused
    await clear_failures(guess, uow, now)
    return account
