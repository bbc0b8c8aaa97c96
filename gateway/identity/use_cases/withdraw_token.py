"""A client withdraws a token of its own, and with it all tokens of the same grant. Source: RFC 7009."""

from datetime import datetime
from uuid import UUID

from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.clients import Client
from gateway.identity.store.grants import GrantStore
from gateway.identity.store.withdrawals import WithdrawalStore
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.secret_texts import digest_of
from shared.database.unit_of_work import UnitOfWork
from shared.security.tokens import TokenRefused
from shared.security.withdrawals import WithdrawalKind


async def withdraw_token(token: str, client: Client, issuer: Issuer, uow: UnitOfWork, now: datetime) -> None:
    """Withdraw the token's grant; a token that is unknown or another's is no news (RFC 7009 section 2.2)."""
    store = GrantStore(uow.session)
    refresh_token = await store.lock_refresh_token(digest_of(token))
    if refresh_token is not None:
        await _withdraw_grant(refresh_token.grant_id, client, store, now)
        return
    try:
        access = await issuer.verify(token)
    except TokenRefused:
        return
    if access.client_id != client.client_id:
        return
    grant_id = access.facts.grant_id
    if grant_id is None or not await _withdraw_grant(UUID(grant_id), client, store, now):
        await WithdrawalStore(uow.session).add(WithdrawalKind.TOKEN, access.token_id, now)


async def _withdraw_grant(grant_id: UUID, client: Client, store: GrantStore, now: datetime) -> bool:
    """Withdraw the client's own grant; a token that it got by exchange belongs to another's."""
    grant = await store.lock_grant(grant_id)
    if grant.client_id != client.client_id:
        return False
    await store.withdraw(grant_id, WithdrawalReason.REVOKED, now)
    return True
