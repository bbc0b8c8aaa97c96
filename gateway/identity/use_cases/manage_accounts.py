"""Operators open, change, close and reopen accounts, and issue the links by which passwords are set."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from gateway.identity.domain.account_refusals import (
    AccountActionNotAllowed,
    AccountExists,
    AccountNotFound,
    AccountNotPossible,
    CounterOnly,
    OwnAccountUntouched,
)
from gateway.identity.domain.accounts import Account, AccountEventKind, AccountLink, LinkPurpose
from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.clients import ClientKind
from gateway.identity.domain.entitlements import SCOPES_OF_PEOPLE, scopes_for
from gateway.identity.domain.flaws import Flaw
from gateway.identity.store.account_events import AccountLinkStore
from gateway.identity.store.accounts import AccountOnFile, AccountStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.account_history import Happening, record
from gateway.identity.use_cases.client_records import faults_of_flaws
from gateway.identity.use_cases.replace_password import end_everything
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.database.unit_of_work import UnitOfWork
from shared.region import GOVERNS_SHARING, DivisionStanding, RegionPack
from shared.security.office import Office
from shared.security.principal import Principal
from shared.security.withdrawals import WithdrawalKind
from shared.web.conditional import Precondition

WINDOW_POST: Final = "comprehensive_window"
_NOT_CHECKED: Final = Flaw(
    "/checked_in_person",
    "not_checked",
    "须先当面核验本人身份证件",
    "the person must have been checked in person, by an identity document",
)


@dataclass(frozen=True)
class NewLink:
    """A link for the person, told once."""

    secret: str = field(repr=False)
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True)
class OpenAccount:
    """Whose account is to be opened, and by whom."""

    account: Account
    citizen_id: str = field(repr=False)
    by: Principal


@dataclass(frozen=True)
class IssueRecovery:
    """For whom, by which officer, and what the officer states."""

    subject: str
    by: Principal
    is_checked: bool
    lost_second_factor: bool


@dataclass(frozen=True)
class AccountChanges:
    """What changes; None leaves it as it is."""

    display_name: str | None = None
    phone: str | None = None
    scopes: frozenset[str] | None = None
    must_change_password: bool | None = None
    office: Office | None = None

    def on(self, account: Account) -> Account:
        """Return the account as it will be."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return replace(account, **given, version=account.version + 1)


async def open_account(command: OpenAccount, region: RegionPack, uow: UnitOfWork, now: datetime) -> NewLink:
    """Open an account without a password; the person sets one by the link.

    Raises: AccountExists; AccountNotPossible with every reason.
    """
    account = command.account
    _check(account, region)
    store = AccountStore(uow.session)
    if not await store.open(account, citizen_id=command.citizen_id, now=now):
        raise AccountExists
    await record(Happening(AccountEventKind.OPENED, account.subject, by=command.by), uow, now)
    return await _new_link(account.subject, LinkPurpose.ACTIVATION, uow, now)


async def change_account(
    subject: str,
    changes: AccountChanges,
    read: Precondition,
    by: Principal,
    region: RegionPack,
    uow: UnitOfWork,
) -> AccountOnFile:
    """Change an account; tokens with a scope or an office that it lost are refused.

    Raises: AccountNotFound; AccountNotPossible.
    """
    store = AccountStore(uow.session)
    account = await _lock_open(subject, store, "change")
    read.check(account.version)
    changed = changes.on(account)
    _check(changed, region)
    await store.save(changed)
    if not account.scopes <= changed.scopes or account.office not in (None, changed.office):
        await WithdrawalStore(uow.session).add(WithdrawalKind.SUBJECT, subject, uow.now)
    await record(Happening(AccountEventKind.CHANGED, subject, by=by), uow, uow.now)
    return await read_account(subject, uow)


async def close_account(subject: str, by: Principal, uow: UnitOfWork, now: datetime) -> AccountOnFile:
    """Close an account: sessions end, every token is refused. Raises: AccountNotFound; AccountActionNotAllowed."""
    if by.subject == subject:
        raise OwnAccountUntouched
    store = AccountStore(uow.session)
    account = await _lock_open(subject, store, "close")
    await store.save(replace(account, closed_at=now, version=account.version + 1))
    await end_everything(subject, WithdrawalReason.ACCOUNT_CLOSED, uow, now)
    await AccountLinkStore(uow.session).withdraw(subject)
    await WithdrawalStore(uow.session).add(WithdrawalKind.SUBJECT, subject, now)
    await record(Happening(AccountEventKind.CLOSED, subject, by=by), uow, now)
    return await read_account(subject, uow)


async def reopen_account(subject: str, by: Principal, uow: UnitOfWork, now: datetime) -> AccountOnFile:
    """Reopen a closed account, under its old password. Raises: AccountNotFound; AccountActionNotAllowed."""
    store = AccountStore(uow.session)
    account = await store.lock(subject)
    if account is None:
        raise AccountNotFound(subject)
    if not account.is_closed:
        raise AccountActionNotAllowed("open", "reopen")
    await store.save(replace(account, closed_at=None, version=account.version + 1))
    await record(Happening(AccountEventKind.REOPENED, subject, by=by), uow, now)
    return await read_account(subject, uow)


async def issue_recovery(
    command: IssueRecovery, region: RegionPack, uow: UnitOfWork, now: datetime
) -> NewLink:
    """Issue a link, good once for half an hour, for a person whom the officer has checked at the counter.

    Raises: CounterOnly; OwnAccountUntouched; AccountNotPossible where the person was not checked;
    AccountNotFound; AccountActionNotAllowed.
    """
    subject, by = command.subject, command.by
    if not _is_at_counter(by, region):
        raise CounterOnly
    if by.subject == subject:
        raise OwnAccountUntouched
    account = await _lock_open(subject, AccountStore(uow.session), "recover")
    if not command.is_checked:
        raise AccountNotPossible(faults_of_flaws([_NOT_CHECKED]))
    purpose = LinkPurpose.RECOVERY if account.password_hash else LinkPurpose.ACTIVATION
    await record(Happening(AccountEventKind.LINK_ISSUED, subject, by=by), uow, now)
    return await _new_link(subject, purpose, uow, now, drops_second_factor=command.lost_second_factor)


async def read_account(subject: str, uow: UnitOfWork) -> AccountOnFile:
    """Return an account, closed or not. Raises: AccountNotFound."""
    found = await AccountStore(uow.session).on_file(subject)
    if found is None:
        raise AccountNotFound(subject)
    return found


async def _lock_open(subject: str, store: AccountStore, action: str) -> Account:
    account = await store.lock(subject)
    if account is None:
        raise AccountNotFound(subject)
    if account.is_closed:
        raise AccountActionNotAllowed("closed", action)
    return account


async def _new_link(
    subject: str, purpose: LinkPurpose, uow: UnitOfWork, now: datetime, *, drops_second_factor: bool = False
) -> NewLink:
    link = NewLink(new_secret(), purpose, now + purpose.lifetime)
    kept = AccountLink(subject, digest_of(link.secret), purpose, drops_second_factor, link.expires_at)
    await AccountLinkStore(uow.session).put(kept)
    return link


def _is_at_counter(caller: Principal, region: RegionPack) -> bool:
    """A person of the data bureau, or one who holds the post at a comprehensive window (综合窗口)."""
    agency = region.agency_by_uscc(caller.agency) if caller.agency else None
    if agency is None or not caller.is_person:
        return False
    return agency.has_duty(GOVERNS_SHARING) or (
        caller.office is not None and WINDOW_POST in caller.office.posts
    )


def _check(account: Account, region: RegionPack) -> None:
    if faults := faults_of_flaws(_flaws(account, region)):
        raise AccountNotPossible(faults)


def _flaws(account: Account, region: RegionPack) -> Iterator[Flaw]:
    """What a person may do is bounded: for oneself, or by the duties of the agency that one works for."""
    agency = region.agency_by_uscc(account.agency_uscc) if account.agency_uscc else None
    if account.agency_uscc and agency is None:
        yield Flaw("/agency", "unknown_agency", "没有这个部门", "there is no such agency in this region")
        return
    if account.office is not None and not _is_office_here(account, region):
        yield Flaw(
            "/office",
            "no_office",
            "须为本地区部门人员的职务",
            "an office is an officer's, in a known division",
        )
    allowed = SCOPES_OF_PEOPLE
    if agency is not None:
        duties = {duty.key for duty in agency.duties}
        allowed = scopes_for(ClientKind.AGENCY, duties) | {"identity.account.self"}
    for scope in sorted(account.scopes - allowed):
        yield Flaw("/scopes", "not_allowed", f"不得授予 {scope}", f"{scope} may not be given")


def _is_office_here(account: Account, region: RegionPack) -> bool:
    standing = region.divisions.standing(account.office.region[:6]) if account.office else None
    return account.agency_uscc is not None and standing is DivisionStanding.CURRENT
