"""Accounts by API: an operator of the data bureau opens, changes, closes and reopens them."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from gateway.identity.api.account_shapes import (
    AccountChangesIn,
    AccountIn,
    AccountOut,
    AccountsFoundOut,
    AccountStanding,
    LinkOut,
    RecoveryIn,
    SearchIn,
    SubjectPath,
)
from gateway.identity.api.authority import ByAuthority
from gateway.identity.api.dependencies import InIdentity, RegionInUse
from gateway.identity.domain.account_refusals import (
    AccountActionNotAllowed,
    AccountExists,
    AccountNotFound,
    AccountNotPossible,
    CounterOnly,
    OwnAccountUntouched,
)
from gateway.identity.domain.accounts import Account
from gateway.identity.domain.authority import AuthorityOnly
from gateway.identity.domain.entitlements import SCOPES_OF_PEOPLE
from gateway.identity.store.accounts import AccountFilters, AccountStore
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.use_cases.manage_accounts import (
    AccountChanges,
    IssueRecovery,
    OpenAccount,
    change_account,
    close_account,
    issue_recovery,
    open_account,
    read_account,
    reopen_account,
)
from shared.identifiers.uuid7 import new_uuid7
from shared.security.access import requires
from shared.security.strength import Strength
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/identity/v1/accounts", route_class=ServiceRoute, tags=["identity"])

READS = requires("identity.account.manage")
CHANGES = requires("identity.account.manage", at_least=Strength.TWO_FACTOR)
# A link in an answer is not kept for a second sending: issuing another puts an end to the first.
_NOT_STORED = {"x-idempotent": True}
_MOST_FOUND: Final = 200


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[CHANGES],
    summary="Open an account (开立账户)",
    openapi_extra=_NOT_STORED,
)
@refuses(AuthorityOnly, AccountExists, AccountNotPossible)
async def open_(
    body: AccountIn,
    caller: ByAuthority,
    identity: InIdentity,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
) -> LinkOut:
    """Open a person's or an officer's account; nobody but the person ever knows its password."""
    usual = SCOPES_OF_PEOPLE if body.agency is None else frozenset({"identity.account.self"})
    scopes = usual if body.scopes is None else frozenset(body.scopes)
    account = Account(
        subject=str(new_uuid7()),
        username=body.username,
        display_name=body.display_name,
        phone=body.phone,
        agency_uscc=body.agency,
        password_hash=None,
        scopes=scopes,
        office=body.office.office() if body.office else None,
    )
    link = await open_account(OpenAccount(account, body.citizen_id, caller), region, uow, now)
    return LinkOut.of(account.subject, link, identity.issuer.url)


@router.get("", dependencies=[READS], summary="List accounts (账户清单)")
@refuses(AuthorityOnly)
async def list_accounts(
    _: ByAuthority,
    paged: Paged,
    uow: InTransaction,
    response: Response,
    agency: Annotated[str | None, Query(min_length=18, max_length=18, pattern="^[0-9A-Z]+$")] = None,
    standing: AccountStanding | None = None,
) -> Page[AccountOut]:
    """List accounts in the order in which they were opened."""
    is_closed = None if standing is None else standing is AccountStanding.CLOSED
    after = str(paged.after[0]) if paged.after else None
    filters = AccountFilters(agency, is_closed=is_closed)
    found = await AccountStore(uow.session).list_on_file(filters, after=after, limit=paged.fetch)
    accounts = [AccountOut.of(each) for each in found]
    return paged.page(accounts, lambda account: (account.subject,), response)


@router.post(
    "/search", dependencies=[READS], summary="Find accounts by name (按用户名查找)", openapi_extra=_NOT_STORED
)
@refuses(AuthorityOnly)
async def search(body: SearchIn, _: ByAuthority, uow: InTransaction) -> AccountsFoundOut:
    """Find the accounts that have, or had, a user name."""
    filters = AccountFilters(username=body.username)
    found = await AccountStore(uow.session).list_on_file(filters, after=None, limit=_MOST_FOUND)
    return AccountsFoundOut(entries=[AccountOut.of(each) for each in found])


@router.get("/{subject}", dependencies=[READS], summary="Read an account (账户详情)")
@refuses(AuthorityOnly, AccountNotFound)
async def show(subject: SubjectPath, _: ByAuthority, uow: InTransaction, response: Response) -> AccountOut:
    """Return an account, masked."""
    on_file = await read_account(subject, uow)
    set_etag(response, on_file.account.version)
    has_one = await SecondFactorStore(uow.session).has_one(subject)
    return AccountOut.of(on_file, has_second_factor=has_one)


@router.patch("/{subject}", dependencies=[CHANGES], summary="Change an account (变更账户)")
@refuses(AuthorityOnly, AccountNotFound, AccountActionNotAllowed, AccountNotPossible)
async def change(
    subject: SubjectPath,
    body: AccountChangesIn,
    read: IfMatch,
    caller: ByAuthority,
    region: RegionInUse,
    uow: InTransaction,
    response: Response,
) -> AccountOut:
    """Change name, telephone, scopes or office, or demand a new password at the next sign-in."""
    changes = AccountChanges(
        body.display_name,
        body.phone,
        None if body.scopes is None else frozenset(body.scopes),
        body.must_change_password,
        body.office.office() if body.office else None,
    )
    on_file = await change_account(subject, changes, read, caller, region, uow)
    set_etag(response, on_file.account.version)
    return AccountOut.of(on_file)


@router.post("/{subject}/closing", dependencies=[CHANGES], summary="Close an account (关闭账户)")
@refuses(AuthorityOnly, AccountNotFound, AccountActionNotAllowed, OwnAccountUntouched)
async def close(
    subject: SubjectPath, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> AccountOut:
    """End every session and refuse every token within seconds; nobody signs in any more."""
    on_file = await close_account(subject, caller, uow, now)
    set_etag(response, on_file.account.version)
    return AccountOut.of(on_file)


@router.post("/{subject}/reopening", dependencies=[CHANGES], summary="Reopen an account (重新开启账户)")
@refuses(AuthorityOnly, AccountNotFound, AccountActionNotAllowed)
async def reopen(
    subject: SubjectPath, caller: ByAuthority, uow: InTransaction, now: Now, response: Response
) -> AccountOut:
    """Let the person sign in again, as before."""
    on_file = await reopen_account(subject, caller, uow, now)
    set_etag(response, on_file.account.version)
    return AccountOut.of(on_file)


@router.post(
    "/{subject}/recovery",
    status_code=HTTPStatus.CREATED,
    dependencies=[requires("identity.account.recover", at_least=Strength.TWO_FACTOR)],
    summary="Issue a recovery link at the counter (窗口重设密码)",
    openapi_extra=_NOT_STORED,
)
@refuses(CounterOnly, AccountNotFound, AccountActionNotAllowed, OwnAccountUntouched, AccountNotPossible)
async def recover(
    subject: SubjectPath,
    body: RecoveryIn,
    caller: Caller,
    identity: InIdentity,
    region: RegionInUse,
    uow: InTransaction,
    now: Now,
) -> LinkOut:
    """Give a person who was checked in person a link that is good once, for half an hour."""
    link = await issue_recovery(
        IssueRecovery(subject, caller, body.checked_in_person, body.lost_second_factor), region, uow, now
    )
    return LinkOut.of(subject, link, identity.issuer.url)
