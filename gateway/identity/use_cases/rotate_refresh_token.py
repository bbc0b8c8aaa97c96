"""A client renews its tokens; the refresh token rotates. Source: RFC 9700 section 4.14.2."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import held_by_person, parse_scopes, unknown_to_client
from gateway.identity.published import reuse_recorded
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.secret_texts import digest_of
from gateway.identity.use_cases.token_answers import TokenAnswer, answer_for_grant
from shared.database.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RotateRefreshToken:
    """What the client sends; `scope` may narrow the access token."""

    refresh_token: str = field(repr=False)
    scope: str = ""


async def rotate_refresh_token(
    command: RotateRefreshToken, client: Client, issuer: Issuer, uow: UnitOfWork, now: datetime
) -> TokenAnswer:
    """Issue new tokens; raises OAuthRefusal. A token used twice withdraws its whole family."""
    store = GrantStore(uow.session)
    token = await store.lock_refresh_token(digest_of(command.refresh_token))
    grant = await store.lock_grant(token.grant_id) if token else None
    if token is None or grant is None or grant.client_id != client.client_id:
        raise _refused("the refresh token is unknown or has expired")
    if token.used:
        await store.withdraw(grant.grant_id, WithdrawalReason.REFRESH_TOKEN_REUSED, now)
        uow.announce(reuse_recorded("refresh_token", grant, now))
        log.warning(
            "refresh_token_reused", extra={"grant_id": str(grant.grant_id), "client_id": client.client_id}
        )
        raise _refused("the refresh token was used before; its family is withdrawn")
    if grant.withdrawn or token.expires_at <= now:
        raise _refused("the refresh token is unknown or has expired")
    if token.key_thumbprint is not None and token.key_thumbprint != issuer.key_thumbprint:
        raise _refused("the refresh token is bound to a key: send that key's DPoP proof")
    account = await AccountStore(uow.session).find(grant.subject)
    if account is None:
        raise _refused("the account is closed")
    wanted = parse_scopes(command.scope) or grant.scopes
    if not set(wanted) <= set(grant.scopes):
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "scope is more than was granted")
    lost = unknown_to_client(wanted, client.scopes)
    scopes = held_by_person([scope for scope in wanted if scope not in lost], account.scopes)
    if not scopes:
        raise _refused("nothing of what was granted is left")
    return await answer_for_grant(
        grant,
        account,
        issuer,
        uow,
        now,
        scopes=scopes,
        used_refresh_token=token.digest,
        bound_to=token.key_thumbprint,
    )


def _refused(why: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_GRANT, why)
