"""What the token endpoint hands out of a grant: access token, refresh token, ID token."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.identity.domain.accounts import Account
from gateway.identity.domain.authorization import REFRESH_LIFETIME, Grant
from gateway.identity.domain.scopes import OPENID
from gateway.identity.store.grants import GrantStore, RefreshToken
from gateway.identity.use_cases.issuing import AccessToken, Issuer
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.database.unit_of_work import UnitOfWork
from shared.security.principal import Facts


@dataclass(frozen=True)
class TokenAnswer:
    """Tokens for a client."""

    access: AccessToken
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


def facts_of_grant(grant: Grant, account: Account) -> Facts:
    """What every access token of a grant says of the person."""
    return Facts(
        agency=account.agency_uscc,
        office=account.office,
        acr=grant.strength.acr,
        methods=grant.methods,
        authenticated_at=int(grant.authenticated_at.timestamp()),
        grant_id=str(grant.grant_id),
    )


async def answer_for_grant(
    grant: Grant,
    account: Account,
    issuer: Issuer,
    uow: UnitOfWork,
    now: datetime,
    *,
    scopes: tuple[str, ...] | None = None,
    nonce: str | None = None,
    used_refresh_token: str | None = None,
    bound_to: str | None = None,
) -> TokenAnswer:
    """Issue the tokens of a grant; `bound_to` is the key without whose proof the refresh token is worth nothing."""
    store = GrantStore(uow.session)
    access = issuer.access_token(
        subject=account.subject,
        client_id=grant.client_id,
        scopes=scopes or grant.scopes,
        now=now,
        facts=facts_of_grant(grant, account),
    )
    secret = new_secret()
    await store.rotate(
        used_refresh_token,
        RefreshToken(digest_of(secret), grant.grant_id, now + REFRESH_LIFETIME, key_thumbprint=bound_to),
        now,
    )
    id_token = _id_token(grant, access, nonce, issuer, now) if OPENID in grant.scopes else None
    return TokenAnswer(access, secret, id_token)


def _id_token(grant: Grant, access: AccessToken, nonce: str | None, issuer: Issuer, now: datetime) -> str:
    """Source: OpenID Connect Core 2 and 3.1.3.6 (at_hash)."""
    half = hashlib.sha256(access.text.encode()).digest()[:16]
    claims = {
        "sub": grant.subject,
        "aud": grant.client_id,
        "auth_time": int(grant.authenticated_at.timestamp()),
        "acr": grant.strength.acr,
        "amr": list(grant.methods),
        "sid": _session_reference(grant.grant_id, grant.session_digest),
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }
    return issuer.id_token(claims | ({"nonce": nonce} if nonce is not None else {}), now=now)


def _session_reference(grant_id: UUID, session_digest: str) -> str:
    """A name of the session towards one grant's client that says nothing to another client."""
    return hashlib.sha256(f"{grant_id}:{session_digest}".encode()).hexdigest()[:32]
