"""A client asks what one of its own tokens is worth. Source: RFC 7662."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.identity.domain.clients import Client, ClientKind
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.store.grants import GrantStore
from gateway.identity.use_cases.good_token import good_token
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.secret_texts import digest_of
from shared.database.unit_of_work import UnitOfWork
from shared.security.tokens import TokenRefused, split_token

INACTIVE: Final[Mapping[str, Any]] = {"active": False}
_TOLD: Final = (
    *(
        "iss",
        "sub",
        "aud",
        "client_id",
        "scope",
        "iat",
        "exp",
        "jti",
        "acr",
        "amr",
        "auth_time",
        "act",
        "cnf",
    ),
    *("sub_kind", "agency", "mandate_id", "matter_id"),
)


async def introspect_token(text: str, client: Client, issuer: Issuer, uow: UnitOfWork) -> Mapping[str, Any]:
    """Return what the token says, or only that it is good for nothing; raises OAuthRefusal.

    A client learns about its own tokens, a service about those issued for it; another's looks like none at all.
    """
    if client.is_public:
        raise OAuthRefusal(OAuthError.UNAUTHORIZED_CLIENT, "a client without a key may not ask")
    return await _refresh_token(text, client, issuer, uow) or await _access_token(text, client, issuer, uow)


async def _access_token(text: str, client: Client, issuer: Issuer, uow: UnitOfWork) -> Mapping[str, Any]:
    try:
        principal = await good_token(text, issuer, uow)
        _, claims = split_token(text)
    except TokenRefused:
        return INACTIVE
    is_audience = client.kind is ClientKind.SERVICE and client.client_id in claims["aud"]
    if principal.client_id != client.client_id and not is_audience:
        return INACTIVE
    told: dict[str, Any] = {name: claims[name] for name in _TOLD if name in claims}
    return {"active": True, "token_type": "DPoP" if "cnf" in claims else "Bearer", **told}


async def _refresh_token(
    text: str, client: Client, issuer: Issuer, uow: UnitOfWork
) -> Mapping[str, Any] | None:
    store = GrantStore(uow.session)
    token = await store.lock_refresh_token(digest_of(text))
    if token is None:
        return None
    grant = await store.lock_grant(token.grant_id)
    is_good = not token.used and not grant.withdrawn and token.expires_at > uow.now
    if not is_good or grant.client_id != client.client_id:
        return INACTIVE
    bound = {"cnf": {"jkt": token.key_thumbprint}} if token.key_thumbprint else {}
    return {
        "active": True,
        "iss": issuer.url,
        "sub": grant.subject,
        "client_id": grant.client_id,
        "scope": " ".join(grant.scopes),
        "exp": int(token.expires_at.timestamp()),
        **bound,
    }
