"""A new password takes the place of the old one: changed by the person, or recovered by link or codes."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.identity.domain.accounts import (
    Account,
    AccountEventKind,
    AccountLink,
    LinkNotGood,
    LinkPurpose,
    Session,
    SignInRefused,
)
from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.password_rules import PasswordFault, password_fault
from gateway.identity.store.account_events import AccountLinkStore
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.use_cases.account_history import Happening, record
from gateway.identity.use_cases.guessing import admit_attempt, clear_failures, count_failure
from gateway.identity.use_cases.passwords import Passwords
from gateway.identity.use_cases.second_factor import (
    remove_second_factor,
    takes_one_time_code,
    takes_recovery_code,
)
from gateway.identity.use_cases.secret_texts import digest_of
from gateway.identity.use_cases.sign_in import SignIn, check_password
from gateway.identity.use_cases.sign_out import sign_out
from shared.database.unit_of_work import UnitOfWork
from shared.security.sealing import Sealer


@dataclass(eq=False)
class PasswordNotAccepted(Exception):
    """The new password breaks a rule."""

    fault: PasswordFault


@dataclass(frozen=True)
class ChangePassword:
    """What a signed-in person typed."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    peer: str
    session: Session


@dataclass(frozen=True)
class RecoverByCodes:
    """What somebody typed who forgot the password but has both the authenticator and a recovery code."""

    username: str
    one_time_code: str = field(repr=False)
    recovery_code: str = field(repr=False)
    new: str = field(repr=False)
    peer: str
    device: str = ""


async def change_password(
    command: ChangePassword, account: Account, passwords: Passwords, uow: UnitOfWork, now: datetime
) -> None:
    """Change it; every other session ends with what was granted in it.

    Raises: PasswordNotAccepted; SignInRefused and SignInTooSoon for a wrong current password.
    """
    check_rules(command.new, account.username)
    attempt = SignIn(account.username, command.current, command.peer)
    await check_password(attempt, passwords, uow, now)
    await set_first_password(account, command.new, command.session, passwords, uow, now)


async def set_first_password(
    account: Account,
    new: str,
    session: Session | None,
    passwords: Passwords,
    uow: UnitOfWork,
    now: datetime,
) -> None:
    """Set the password of a person who has proven who it is; the session that is named goes on."""
    check_rules(new, account.username)
    await _save(account, await passwords.hash(new), uow)
    for each in await SessionStore(uow.session).of_subject(account.subject, now):
        if session is None or each.session_id != session.session_id:
            await sign_out(each, uow, now)
    device = session.device if session else ""
    await record(Happening(AccountEventKind.PASSWORD_CHANGED, account.subject, (), device), uow, now)


async def find_link(secret: str, uow: UnitOfWork, now: datetime) -> tuple[AccountLink, Account]:
    """Return a link that is still good, and whose it is; raises LinkNotGood."""
    link = await AccountLinkStore(uow.session).lock(digest_of(secret))
    account = await AccountStore(uow.session).find(link.subject) if link else None
    if link is None or account is None or not link.is_good(now):
        raise LinkNotGood
    return link, account


async def set_password_by_link(
    secret: str, new: str, device: str, passwords: Passwords, uow: UnitOfWork, now: datetime
) -> Account:
    """Use the link up and set the password. Raises: LinkNotGood; PasswordNotAccepted, and the link stays good."""
    link, account = await find_link(secret, uow, now)
    check_rules(new, account.username)
    await AccountLinkStore(uow.session).use(link.digest, now)
    if link.drops_second_factor:
        await remove_second_factor(account, device, uow, now)
    is_first = link.purpose is LinkPurpose.ACTIVATION
    what = AccountEventKind.PASSWORD_CHANGED if is_first else AccountEventKind.PASSWORD_RECOVERED
    await _recover(account, await passwords.hash(new), Happening(what, account.subject, (), device), uow, now)
    return account


async def recover_by_codes(
    command: RecoverByCodes, passwords: Passwords, sealer: Sealer, uow: UnitOfWork, now: datetime
) -> None:
    """Set a new password for whoever holds the authenticator and a recovery code.

    An unknown name, a wrong code and a wrong recovery code look the same and take the same time: the new
    password is hashed and both codes are looked for in any case.
    Raises: PasswordNotAccepted; SignInRefused, SignInTooSoon, and the failure that was counted is kept.
    """
    check_rules(command.new, command.username)
    guess = await admit_attempt("recovery", command.username, command.peer, uow, now)
    account = await AccountStore(uow.session).find_by_username(command.username)
    subject = account.subject if account else ""
    password_hash = await passwords.hash(command.new)
    async with uow.session.begin_nested() as both:
        has_authenticator = await takes_one_time_code(subject, command.one_time_code, sealer, uow, now)
        has_code = await takes_recovery_code(subject, command.recovery_code, uow, now)
        if account is None or not (has_authenticator and has_code):
            await both.rollback()  # one of two is not enough, and neither is used up
            account = None
    if account is None:
        await count_failure(guess, subject or None, uow, now)
        raise SignInRefused
    await clear_failures(guess, uow, now)
    what = Happening(AccountEventKind.PASSWORD_RECOVERED, subject, ("otp",), command.device)
    await _recover(account, password_hash, what, uow, now)


def check_rules(new: str, username: str) -> None:
    """Raises: PasswordNotAccepted."""
    fault = password_fault(new, username)
    if fault is not None:
        raise PasswordNotAccepted(fault)


async def _recover(
    account: Account, password_hash: str, what: Happening, uow: UnitOfWork, now: datetime
) -> None:
    """Set it, and end whatever somebody else may have begun: every session, every grant."""
    await _save(account, password_hash, uow)
    await end_everything(account.subject, WithdrawalReason.PASSWORD_REPLACED, uow, now)
    await record(what, uow, now)


async def end_everything(subject: str, because: WithdrawalReason, uow: UnitOfWork, now: datetime) -> None:
    """End every session and sign-in under way of a person, and withdraw every grant."""
    sessions = SessionStore(uow.session)
    living = await sessions.of_subject(subject, now)
    await sessions.end([each.id_digest for each in living], now)
    await sessions.forget_pending(of=subject)
    await GrantStore(uow.session).withdraw_of_subject(subject, because, now)


async def _save(account: Account, password_hash: str, uow: UnitOfWork) -> None:
    store = AccountStore(uow.session)
    locked = await store.lock(account.subject)
    if locked is None:
        raise SignInRefused
    changed = replace(
        locked, password_hash=password_hash, must_change_password=False, version=locked.version + 1
    )
    await store.save(changed)
