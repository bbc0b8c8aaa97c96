"""An enterprise proves itself by its electronic business licence and gets a token in its own name.

Source: GW-08; RFC 7523 section 2.1. The token is good for ten minutes and cannot be renewed: each one asks the
register anew, so a licence that is withdrawn is good for nothing after that.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.identity.clients import LicenceRegister
from gateway.identity.domain.clients import Client
from gateway.identity.domain.electronic_licence import METHOD, LicenceRefused, ShownLicence, check_on_register
from gateway.identity.domain.mandates import DELEGABLE_SCOPES
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import parse_scopes
from gateway.identity.published import SecurityRecord, security_recorded
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.used_once import UsedOnce
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.token_answers import TokenAnswer
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Announcement
from shared.security.principal import Facts, SubjectKind
from shared.security.strength import Strength

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class IssueLicenceToken:
    """What a client asks for with a licence that was checked against the register."""

    shown: ShownLicence
    client: Client
    scope: str


async def check_licence(shown: ShownLicence, register: LicenceRegister) -> ShownLicence:
    """Ask the register whether the licence holds now; raises LicenceRefused, LicenceRegisterAway."""
    check_on_register(shown, await register.look_up(shown.identifier))
    return shown


async def issue_licence_token(
    command: IssueLicenceToken, issuer: Issuer, uow: UnitOfWork, now: datetime
) -> TokenAnswer:
    """Issue an access token whose subject is the enterprise; raises OAuthRefusal."""
    shown, client = command.shown, command.client
    if client.is_public:
        raise OAuthRefusal(OAuthError.UNAUTHORIZED_CLIENT, "a client without a key cannot present licences")
    allowed = client.scopes & DELEGABLE_SCOPES
    wanted = parse_scopes(command.scope) or tuple(sorted(allowed))
    if not wanted or not set(wanted) <= allowed:
        raise OAuthRefusal(
            OAuthError.INVALID_SCOPE, "the client may not ask for every scope in an enterprise's name"
        )
    if not await UsedOnce(uow.session).take(
        "licence", shown.wallet, shown.assertion_id, until=shown.good_until
    ):
        raise LicenceRefused("jti was used before")
    holder = await _holder(shown, uow)
    uow.announce(_recorded(shown, client, holder, now))
    return TokenAnswer(
        issuer.access_token(
            subject=shown.uscc,
            client_id=client.client_id,
            scopes=wanted,
            now=now,
            facts=Facts(
                subject_kind=SubjectKind.ENTERPRISE,
                acr=Strength.TWO_FACTOR.acr,
                methods=(METHOD,),
                authenticated_at=int(now.timestamp()),
                actors=(holder,) if holder else (),
            ),
        )
    )


async def _holder(shown: ShownLicence, uow: UnitOfWork) -> str | None:
    """The person who held the licence, where that person has an account here."""
    if shown.holder_citizen_id is None:
        return None
    account = await AccountStore(uow.session).find_by_citizen_id(shown.holder_citizen_id)
    return account.subject if account and not account.is_closed else None


def _recorded(shown: ShownLicence, client: Client, holder: str | None, now: datetime) -> Announcement:
    record = SecurityRecord(
        thing="electronic_licence",
        key=shown.uscc,
        what="signed_in",
        by=f"person:{holder}" if holder else f"enterprise:{shown.uscc}",
        client_id=client.client_id,
        owner_subject=shown.uscc,
        agency_uscc=client.agency_uscc,
        on_behalf_of=shown.uscc if holder else None,
    )
    return security_recorded(record, now)
