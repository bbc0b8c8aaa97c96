"""A person signs in by showing an enterprise's electronic business licence to a wallet.

The session is the person's own; in the enterprise's name acts whoever holds a mandate, as after any other sign-in.
Source: GW-08; RFC 7523 section 3.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.identity.domain.accounts import Account
from gateway.identity.domain.electronic_licence import (
    METHOD,
    LicenceRefused,
    LicenceRegisterAway,
    ShownLicence,
    read_assertion,
)
from gateway.identity.domain.federation import FederationFault, FederationRefused, Vouched
from gateway.identity.domain.licence_sign_in import (
    SHOWN_WITHIN,
    BegunWithLicence,
    LicenceFault,
    LicenceSignInRefused,
    WalletState,
)
from gateway.identity.licence_wallets import LicenceWalletClient
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.mandates import MandateStore
from gateway.identity.store.used_once import UsedOnce
from gateway.identity.use_cases.account_history import OWN_PAGES
from gateway.identity.use_cases.admit import Proven
from gateway.identity.use_cases.issue_licence_token import check_licence
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.identity.use_cases.read_mandates import agent_of
from gateway.identity.use_cases.sign_in_through_platform import LinkFirst, find_account
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import InvalidCitizenId, parse_citizen_id, person_reference
from shared.security.strength import Strength

_SUSPICIOUS: Final = frozenset({LicenceFault.NOT_GOOD, LicenceFault.BAD_WORD})
_NOBODY: Final = "unread"


@dataclass(frozen=True)
class ShownHere:
    """A licence that holds at the register, and in which sign-in it was shown."""

    licence: ShownLicence
    begun: BegunWithLicence


@dataclass(frozen=True)
class Holder:
    """Whom the wallet named, and what that comes to: an account that is proven, or one to be proven first."""

    found: Vouched
    outcome: Proven | LinkFirst


async def ask_wallet(
    begun: BegunWithLicence,
    wallet: LicenceWalletClient,
    outside: OutsideIdentities,
    audiences: Collection[str],
    now: datetime,
) -> ShownHere | None:
    """Return the licence once it was shown, None while the wallet waits. Takes no database connection.

    Raises: LicenceSignInRefused.
    """
    answer = await wallet.result(begun.shown_to.session_id)
    if answer.state is WalletState.WAITING:
        return None
    if answer.state is WalletState.REFUSED:
        raise LicenceSignInRefused(LicenceFault.DECLINED)
    try:
        shown = read_assertion(answer.assertion, outside.providers.wallets, audiences, int(now.timestamp()))
    except LicenceRefused as refused:
        raise LicenceSignInRefused(LicenceFault.BAD_WORD, refused.why) from refused
    try:
        return ShownHere(await check_licence(shown, outside.register), begun)
    except LicenceRefused as refused:
        raise LicenceSignInRefused(LicenceFault.NOT_GOOD, refused.why, shown.uscc) from refused
    except LicenceRegisterAway as away:
        raise LicenceSignInRefused(LicenceFault.REGISTER_AWAY) from away


async def find_holder(
    shown: ShownHere, outside: OutsideIdentities, reference_key: bytes, uow: UnitOfWork, now: datetime
) -> Holder:
    """Find, link or open the holder's account, as of anybody whom an upper platform names; the word counts once.

    Raises: LicenceSignInRefused, FederationRefused.
    """
    licence = shown.licence
    await _take(shown, uow)
    if licence.holder_citizen_id is None:
        raise FederationRefused(FederationFault.NO_CITIZEN_ID)
    try:
        citizen_id = parse_citizen_id(licence.holder_citizen_id, today=local_date(now))
    except InvalidCitizenId as error:
        raise LicenceSignInRefused(LicenceFault.BAD_WORD, "holder_citizen_id", licence.uscc) from error
    found = Vouched(
        issuer=licence.wallet,
        outside_subject=person_reference(citizen_id, reference_key),
        strength=Strength.TWO_FACTOR,
        citizen_id=citizen_id,
        name=licence.holder_name,
        methods=(METHOD,),
    )
    outcome = await find_account(found, outside.providers.wallets[licence.wallet], uow, now)
    if isinstance(outcome, Proven):
        by = f"person:{outcome.account.subject}"
        record = SecurityRecord(
            "electronic_licence",
            licence.uscc,
            "signed_in",
            by,
            OWN_PAGES,
            owner_subject=licence.uscc,
            on_behalf_of=licence.uscc,
        )
        uow.announce(security_recorded(record, now))
    return Holder(found, outcome)


async def may_act(account: Account, uscc: str, reference_key: bytes, uow: UnitOfWork, now: datetime) -> bool:
    """Whether the person holds a mandate, by law or given, under which to act in the enterprise's name."""
    store = MandateStore(uow.session)
    agent = await agent_of(account.subject, reference_key, store)
    return any(mandate.is_good(now) for mandate in await store.between(agent, uscc))


def licence_refusal_recorded(refused: LicenceSignInRefused) -> Callable[[UnitOfWork], Awaitable[None]] | None:
    """What tells the audit chain of a licence or a word that is not good; None for what is no attack."""
    if refused.fault not in _SUSPICIOUS:
        return None

    async def tell(uow: UnitOfWork) -> None:
        record = SecurityRecord(
            "electronic_licence",
            refused.uscc or _NOBODY,
            refused.fault.value,
            "anonymous",
            OWN_PAGES,
            allowed=False,
            owner_subject=refused.uscc,
        )
        uow.announce(security_recorded(record, uow.now))

    return tell


async def _take(shown: ShownHere, uow: UnitOfWork) -> None:
    """The word counts once, here and at the token endpoint together; the sign-in ends once, whatever the word."""
    licence, begun, used = shown.licence, shown.begun, UsedOnce(uow.session)
    first_word = await used.take("licence", licence.wallet, licence.assertion_id, until=licence.good_until)
    until = begun.begun_at + SHOWN_WITHIN
    if not first_word or not await used.take("licence-session", begun.shown_to.session_id, until=until):
        raise LicenceSignInRefused(LicenceFault.BAD_WORD, "used before", licence.uscc)
