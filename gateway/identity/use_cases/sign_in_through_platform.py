"""A person signs in through an upper platform: asked there, believed here, an account found, linked or opened.

Source: GW-01, GW-02, GW-11; OpenID Connect Core 1.0 section 3.1; RFC 7636; RFC 9207.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from gateway.identity.clients import UpperPlatformClient
from gateway.identity.domain.accounts import Account, AccountEventKind
from gateway.identity.domain.entitlements import SCOPES_OF_PEOPLE
from gateway.identity.domain.federation import (
    LONGEST_TOKEN,
    RETURN_WITHIN,
    BegunSignIn,
    ExpectedToken,
    FederationFault,
    FederationRefused,
    Vouched,
    bad_token,
    read_id_token,
    vouched,
)
from gateway.identity.domain.outside_signatures import CompactJws, UnreadableJws
from gateway.identity.domain.providers import UpperPlatform, Voucher
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.linked_identities import LinkedIdentityStore
from gateway.identity.use_cases.account_history import OWN_PAGES, Happening, record
from gateway.identity.use_cases.admit import Proven
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7

_SUSPICIOUS: Final = frozenset(
    {
        FederationFault.MIXED_UP,
        FederationFault.BAD_TOKEN,
        FederationFault.LINKED_OTHERWISE,
        FederationFault.ACCOUNT_CLOSED,
    }
)


@dataclass(frozen=True)
class LinkFirst:
    """The person has an account here, and proves it once before the identity is linked to it."""

    account: Account


def begin(platform: UpperPlatform, way: Mapping[str, str], now: datetime) -> BegunSignIn:
    """Make the secrets of a sign-in."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return BegunSignIn(platform.key, state, nonce, verifier, now, way)


async def where_to_ask(begun: BegunSignIn, client: UpperPlatformClient, redirect_uri: str) -> str:
    """Return the upper platform's page for this sign-in; raises FederationRefused."""
    endpoint = (await client.metadata())["authorization_endpoint"]
    digest = hashlib.sha256(begun.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": client.platform.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(client.platform.scopes),
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    fresh = {"prompt": "login", "max_age": "0"} if begun.wants_fresh else {}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked | fresh)}"


def check_return(
    begun: BegunSignIn, returned: Mapping[str, str], platform: UpperPlatform, now: datetime
) -> str:
    """Check that an answer belongs to the sign-in of this browser; returns its code. Raises: FederationRefused."""
    state = returned.get("state", "")
    is_ours = begun.platform == platform.key and hmac.compare_digest(state.encode(), begun.state.encode())
    if not is_ours or not begun.begun_at <= now < begun.begun_at + RETURN_WITHIN:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "state")
    if returned.get("iss", platform.issuer) != platform.issuer:
        raise FederationRefused(FederationFault.MIXED_UP, "iss")
    if "error" in returned:
        is_no = returned["error"] == "access_denied"
        fault = FederationFault.DENIED if is_no else FederationFault.REFUSED
        raise FederationRefused(fault, returned["error"][:100])
    if not returned.get("code"):
        raise FederationRefused(FederationFault.REFUSED, "no code")
    return returned["code"]


async def ask_who(
    begun: BegunSignIn,
    returned: Mapping[str, str],
    client: UpperPlatformClient,
    redirect_uri: str,
    now: datetime,
) -> Vouched:
    """Learn from the upper platform who signed in; raises FederationRefused. Takes no database connection."""
    seconds = int(now.timestamp())
    names_itself = (await client.metadata()).get("authorization_response_iss_parameter_supported") is True
    if names_itself and "iss" not in returned:
        raise FederationRefused(FederationFault.MIXED_UP, "iss is missing")
    tokens = await client.exchange(returned["code"], begun.verifier, redirect_uri, seconds)
    try:
        jws = CompactJws.read(tokens.id_token, longest=LONGEST_TOKEN)
    except UnreadableJws as error:
        raise bad_token(error.reason) from error
    key = await client.key(jws.header.get("kid"))
    if key is None:
        raise bad_token("key")
    expected = ExpectedToken(
        client.platform, begun.nonce, tokens.access_token, begun.begun_at, begun.wants_fresh, seconds
    )
    claims = read_id_token(jws, key, expected)
    told = await client.user_information(tokens.access_token)
    return vouched(client.platform, claims, told, local_date(now))


async def find_account(
    found: Vouched, platform: Voucher, uow: UnitOfWork, now: datetime
) -> Proven | LinkFirst:
    """Find, link or open the account of whom the platform or the wallet speaks. Raises: FederationRefused."""
    accounts, links = AccountStore(uow.session), LinkedIdentityStore(uow.session)
    link = await links.use(found.issuer, found.outside_subject, now)
    if link is not None:
        account = await accounts.find(link.subject)
        if account is None:
            raise FederationRefused(FederationFault.ACCOUNT_CLOSED)
        return _proven(account, found)
    if found.citizen_id is None:
        raise FederationRefused(FederationFault.NO_CITIZEN_ID)
    account = await accounts.find_by_citizen_id(found.citizen_id)
    if account is not None and account.is_closed:
        raise FederationRefused(FederationFault.ACCOUNT_CLOSED)
    if account is not None and (not platform.is_trusted_for_linking or account.agency_uscc is not None):
        return LinkFirst(account)  # an officer's powers are never reached by another platform's word alone
    if account is None:
        account = await _open(found, platform, uow, now)
    await link_identity(found.issuer, found.outside_subject, account, uow, now)
    return _proven(account, found)


async def link_identity(
    issuer: str, outside_subject: str, account: Account, uow: UnitOfWork, now: datetime
) -> None:
    """Let the identity sign in to the account from now on. Raises: FederationRefused where either has another."""
    if not await LinkedIdentityStore(uow.session).link(issuer, outside_subject, account.subject, now):
        raise FederationRefused(FederationFault.LINKED_OTHERWISE)
    await record(Happening(AccountEventKind.IDENTITY_LINKED, account.subject), uow, now)


async def unlink_identity(account: Account, issuer: str, uow: UnitOfWork, now: datetime) -> bool:
    """Let an identity sign in no more; False where it is the only way in, or there is no such link."""
    links = LinkedIdentityStore(uow.session)
    if account.password_hash is None and len(await links.of_account(account.subject)) < 2:
        return False
    if not await links.unlink(account.subject, issuer):
        return False
    await record(Happening(AccountEventKind.IDENTITY_UNLINKED, account.subject), uow, now)
    return True


def refusal_recorded(platform: str, fault: FederationFault) -> Callable[[UnitOfWork], Awaitable[None]] | None:
    """What tells the audit chain of a refusal that smells of an attack; None for those that do not."""
    if fault not in _SUSPICIOUS:
        return None

    async def tell(uow: UnitOfWork) -> None:
        refused = SecurityRecord(
            "upper_platform", platform, fault.value, "anonymous", OWN_PAGES, allowed=False
        )
        uow.announce(security_recorded(refused, uow.now))

    return tell


async def _open(found: Vouched, platform: Voucher, uow: UnitOfWork, now: datetime) -> Account:
    """Open an account for a person who is known above and new here: with a person's scopes, without a password."""
    account = Account(
        subject=str(new_uuid7()),
        username=f"{platform.key}-{secrets.token_hex(5)}",
        display_name=found.name or platform.names.zh,
        phone=found.phone or "",
        agency_uscc=None,
        password_hash=None,
        scopes=SCOPES_OF_PEOPLE,
    )
    opened = await AccountStore(uow.session).open(account, citizen_id=found.citizen_id or "", now=now)
    if not opened:
        raise FederationRefused(FederationFault.LINKED_OTHERWISE)
    await record(Happening(AccountEventKind.OPENED, account.subject), uow, now)
    return account


def _proven(account: Account, found: Vouched) -> Proven:
    return Proven(account, found.methods, found.strength)
