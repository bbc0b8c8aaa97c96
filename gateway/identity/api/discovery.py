"""What a client must know to begin. Source: OpenID Connect Discovery 1.0; RFC 8414; RFC 7517."""

from typing import Any, Final

from fastapi import APIRouter, Response

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.outside import InOutside
from gateway.identity.api.wording import SCOPE_WORDING
from gateway.identity.domain.scopes import IDENTITY_SCOPES
from gateway.identity.use_cases.exchange_token import GRANT_TYPE as TOKEN_EXCHANGE
from gateway.identity.use_cases.issue_licence_token import JWT_BEARER
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from shared.security.access import public
from shared.security.strength import Strength
from shared.web.routes import ServiceRoute

router = APIRouter(route_class=ServiceRoute, tags=["identity"])

_PUBLISHED = public("metadata that every client reads before it can sign anybody in")
_KEPT: Final = "public, max-age=60"


def _metadata(identity: Identity, outside: OutsideIdentities) -> dict[str, Any]:
    url = identity.issuer.url
    authentication = ["private_key_jwt", "none"]
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/oauth2/authorize",
        "token_endpoint": f"{url}/oauth2/token",
        "userinfo_endpoint": f"{url}/oauth2/userinfo",
        "revocation_endpoint": f"{url}/oauth2/revoke",
        "introspection_endpoint": f"{url}/oauth2/introspect",
        "pushed_authorization_request_endpoint": f"{url}/oauth2/par",
        "require_pushed_authorization_requests": False,
        "end_session_endpoint": f"{url}/oauth2/logout",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "scopes_supported": [
            *sorted(IDENTITY_SCOPES),
            *(s for s in SCOPE_WORDING if s not in IDENTITY_SCOPES),
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [
            *("authorization_code", "refresh_token", "client_credentials", TOKEN_EXCHANGE),
            *([JWT_BEARER] if outside.providers.wallets else []),
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": authentication,
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "revocation_endpoint_auth_methods_supported": authentication,
        "revocation_endpoint_auth_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
        "claims_supported": [
            *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"),
            *("name", "preferred_username", "phone_number", "citizen_id"),
        ],
        "acr_values_supported": [level.acr for level in _levels(identity)],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["zh-CN", "en"],
    }


def _levels(identity: Identity) -> list[Strength]:
    """The strengths that a person can reach here."""
    return [level for level in Strength if level < Strength.FACE or identity.face_checker is not None]


@router.get(
    "/.well-known/openid-configuration",
    summary="OpenID provider metadata (身份提供方元数据)",
    dependencies=[_PUBLISHED],
)
async def openid_configuration(
    identity: InIdentity, outside: InOutside, response: Response
) -> dict[str, Any]:
    """Describe the provider to OpenID Connect clients."""
    response.headers["Cache-Control"] = _KEPT
    return _metadata(identity, outside)


@router.get(
    "/.well-known/oauth-authorization-server",
    summary="Authorization server metadata (授权服务器元数据)",
    dependencies=[_PUBLISHED],
)
async def authorization_server(
    identity: InIdentity, outside: InOutside, response: Response
) -> dict[str, Any]:
    """Describe the provider to OAuth clients (RFC 8414)."""
    response.headers["Cache-Control"] = _KEPT
    return _metadata(identity, outside)


@router.get(
    "/.well-known/jwks.json", summary="Keys that verify tokens (令牌验证公钥)", dependencies=[_PUBLISHED]
)
async def key_set(identity: InIdentity, response: Response) -> dict[str, Any]:
    """The public keys; services fetch them every few seconds, so nobody in between keeps them."""
    response.headers["Cache-Control"] = "no-cache"
    return identity.issuer.key_set()
