"""A client exchanges an authorization code for tokens. Source: RFC 6749 4.1.3; RFC 7636 4.6."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.clients import Client
from gateway.identity.domain.proof_key import answers_challenge
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.published import reuse_recorded
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.grants import GrantStore
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.secret_texts import digest_of
from gateway.identity.use_cases.token_answers import TokenAnswer, answer_for_grant
from shared.database.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExchangeCode:
    """What the client sends."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


async def exchange_code(
    command: ExchangeCode, client: Client, issuer: Issuer, uow: UnitOfWork, now: datetime
) -> TokenAnswer:
    """Issue tokens for a code; raises OAuthRefusal. A second use withdraws what the first one brought."""
    store = GrantStore(uow.session)
    code = await store.lock_code(digest_of(command.code))
    if code is None:
        raise _refused("the code is unknown or has expired")
    grant = await store.lock_grant(code.grant_id)
    if grant.client_id != client.client_id:
        raise _refused("the code is unknown or has expired")
    if code.used:
        await store.withdraw(grant.grant_id, WithdrawalReason.CODE_REUSED, now)
        uow.announce(reuse_recorded("authorization_code", grant, now))
        log.warning(
            "authorization_code_reused",
            extra={"grant_id": str(grant.grant_id), "client_id": client.client_id},
        )
        raise _refused("the code was used before; its tokens are withdrawn")
    if grant.withdrawn or code.expires_at <= now:
        raise _refused("the code is unknown or has expired")
    if command.redirect_uri != code.redirect_uri:
        raise _refused("redirect_uri is another than in the authorization request")
    if not answers_challenge(command.verifier, code.challenge):
        raise _refused("code_verifier does not answer the code_challenge")
    if code.key_thumbprint is not None and code.key_thumbprint != issuer.key_thumbprint:
        raise _refused("the code is bound to a key (dpop_jkt): send that key's DPoP proof")
    account = await AccountStore(uow.session).find(grant.subject)
    if account is None:
        raise _refused("the account is closed")
    await store.use_code(code.digest, now)
    bound_to = issuer.key_thumbprint if client.is_public else None
    return await answer_for_grant(grant, account, issuer, uow, now, nonce=code.nonce, bound_to=bound_to)


def _refused(why: str) -> OAuthRefusal:
    return OAuthRefusal(OAuthError.INVALID_GRANT, why)
