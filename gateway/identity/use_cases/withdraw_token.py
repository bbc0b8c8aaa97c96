"""A client withdraws a token of its own, and with it all tokens of the same grant. Source: RFC 7009."""

from datetime import datetime
from uuid import UUID

from gateway.identity.domain.authorization import WithdrawalReason
from gateway.identity.domain.clients import Client
from gateway.identity.store.grants import GrantStore
from gateway.identity.use_cases.secret_texts import digest_of
from shared.database.unit_of_work import UnitOfWork
from shared.security.tokens import TokenRefused, split_token


async def withdraw_token(token: str, client: Client, uow: UnitOfWork, now: datetime) -> None:
    """Withdraw the token's grant; a token that is unknown or another's is no news (RFC 7009 section 2.2)."""
    store = GrantStore(uow.session)
    grant_id = await _grant_of(token, store)
    if grant_id is None:
        return
    grant = await store.lock_grant(grant_id)
    if grant.client_id == client.client_id:
        await store.withdraw(grant_id, WithdrawalReason.REVOKED, now)


async def _grant_of(token: str, store: GrantStore) -> UUID | None:
    refresh_token = await store.lock_refresh_token(digest_of(token))
    if refresh_token is not None:
        return refresh_token.grant_id
    try:
        _, claims = split_token(token)
    except TokenRefused:
        return None
    token_id = claims.get("jti")
    return await store.grant_of_access_token(token_id) if isinstance(token_id, str) else None
