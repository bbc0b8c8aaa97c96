"""A person signs in with name and password: one session for every client."""

import hashlib
import math
from dataclasses import dataclass, field
from datetime import datetime

from gateway.identity.domain.accounts import (
    SESSION_LIFETIME,
    Session,
    SignInRefused,
    SignInTooSoon,
    delay_after,
)
from gateway.identity.store.accounts import AccountStore
from gateway.identity.use_cases.passwords import Passwords
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class SignIn:
    """What the person typed."""

    username: str
    password: str = field(repr=False)


async def sign_in(command: SignIn, passwords: Passwords, uow: UnitOfWork, now: datetime) -> str:
    """Begin a session and return its secret id.

    Raises: SignInRefused, SignInTooSoon; the caller keeps the failure that was counted (it commits).
    """
    store = AccountStore(uow.session)
    name_digest = hashlib.sha256(command.username.encode()).hexdigest()
    failures, retry_at = await store.lock_failures(name_digest, now)
    if now < retry_at:
        raise SignInTooSoon(math.ceil((retry_at - now).total_seconds()))
    account = await store.find_by_username(command.username)
    right = await passwords.verify(account.password_hash if account else None, command.password)
    if account is None or not right:
        await store.set_failures(name_digest, failures + 1, now + delay_after(failures + 1))
        raise SignInRefused
    await store.set_failures(name_digest, 0, now)
    secret = new_secret()
    await store.begin_session(Session(digest_of(secret), account.subject, now, now + SESSION_LIFETIME))
    return secret
