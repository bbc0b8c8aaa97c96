"""A client gets a token in its own name. Source: RFC 6749 section 4.4."""

from datetime import datetime

from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import IDENTITY_SCOPES, parse_scopes
from gateway.identity.use_cases.issuing import Issuer
from gateway.identity.use_cases.token_answers import TokenAnswer
from shared.security.principal import Facts


def issue_client_token(client: Client, scope: str, issuer: Issuer, now: datetime) -> TokenAnswer:
    """Issue an access token for a client with a key, by default with all its scopes; raises OAuthRefusal."""
    if client.is_public:
        raise OAuthRefusal(OAuthError.UNAUTHORIZED_CLIENT, "a client without a key has no token of its own")
    wanted = parse_scopes(scope) or tuple(sorted(client.scopes))
    if not wanted or not set(wanted) <= client.scopes - IDENTITY_SCOPES:
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "the client is not registered for every scope asked for")
    return TokenAnswer(
        issuer.access_token(
            subject=client.client_id,
            client_id=client.client_id,
            scopes=wanted,
            now=now,
            facts=Facts(agency=client.speaks_for),
        )
    )
