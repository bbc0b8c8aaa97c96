"""The authorization request: read from its parameters, checked against the client. Source: RFC 6749 4.1.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.identity.domain.clients import Client
from gateway.identity.domain.proof_key import is_challenge
from gateway.identity.domain.refusals import NoSafeRedirect, OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import parse_scopes, unknown_to_client
from shared.security.strength import Strength

CODE_LIFETIME = timedelta(seconds=60)
REFRESH_LIFETIME = timedelta(days=14)
_LONGEST_PARAMETER = 512


class Prompt(StrEnum):
    """What the client wants the person to be asked. Source: OpenID Connect Core 3.1.2.1."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


@dataclass(frozen=True)
class AuthorizationRequest:
    """What a client asks a person for, checked."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    state: str | None
    nonce: str | None
    prompts: frozenset[Prompt]
    max_age: timedelta | None
    at_least: Strength | None = None
    key_thumbprint: str | None = None


@dataclass(frozen=True)
class Grant:
    """What a person granted to a client in one sign-in; every token of it is withdrawn with it."""

    grant_id: UUID
    subject: str
    client_id: str
    session_digest: str
    scopes: tuple[str, ...]
    authenticated_at: datetime
    strength: Strength = Strength.PASSWORD
    methods: tuple[str, ...] = ()
    withdrawn: bool = False


class WithdrawalReason(StrEnum):
    """Why the tokens of a grant are no longer good."""

    CODE_REUSED = "code_reused"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 - a reason, no token
    REVOKED = "revoked"
    SIGNED_OUT = "signed_out"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PASSWORD_REPLACED = "password_replaced"  # noqa: S105 - a reason, no password
    ACCOUNT_CLOSED = "account_closed"


def redirect_target(client: Client | None, parameters: Mapping[str, str]) -> str:
    """Return where the answer may be sent; raises NoSafeRedirect, and then nobody is redirected."""
    if client is None:
        raise NoSafeRedirect("client_id")
    redirect_uri = parameters.get("redirect_uri", "")
    if not client.may_return_to(redirect_uri):
        raise NoSafeRedirect("redirect_uri")
    return redirect_uri


def read_request(client: Client, redirect_uri: str, parameters: Mapping[str, str]) -> AuthorizationRequest:
    """Check what a client asks for; raises OAuthRefusal, which the client is told at its redirect address."""
    for name in ("state", "nonce"):
        if len(parameters.get(name, "")) > _LONGEST_PARAMETER:
            raise OAuthRefusal(OAuthError.INVALID_REQUEST, f"{name} is longer than {_LONGEST_PARAMETER}")
    if client.requires_pushed_requests and "request_uri" not in parameters:
        raise OAuthRefusal(
            OAuthError.INVALID_REQUEST, "push the request first: send client_id and request_uri"
        )
    if parameters.get("response_type") != "code":
        raise OAuthRefusal(OAuthError.UNSUPPORTED_RESPONSE_TYPE, "response_type must be code")
    if parameters.get("response_mode", "query") != "query":
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "response_mode must be query")
    if "request" in parameters:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "request is not supported")
    return AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        scopes=_scopes(client, parameters.get("scope", "")),
        challenge=_challenge(parameters),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        prompts=_prompts(parameters.get("prompt", "")),
        max_age=_max_age(parameters.get("max_age")),
        at_least=_at_least(parameters.get("acr_values", "")),
        key_thumbprint=_key_thumbprint(parameters.get("dpop_jkt")),
    )


def _challenge(parameters: Mapping[str, str]) -> str:
    challenge = parameters.get("code_challenge", "")
    if not is_challenge(challenge):
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "code_challenge is required (PKCE)")
    if parameters.get("code_challenge_method") != "S256":
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "code_challenge_method must be S256")
    return challenge


def _scopes(client: Client, text: str) -> tuple[str, ...]:
    scopes = parse_scopes(text)
    if not scopes:
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "scope is required")
    if unknown_to_client(scopes, client.scopes):
        raise OAuthRefusal(OAuthError.INVALID_SCOPE, "the client is not registered for every scope asked for")
    return scopes


def _prompts(text: str) -> frozenset[Prompt]:
    try:
        prompts = frozenset(Prompt(word) for word in text.split())
    except ValueError as error:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "prompt has an unknown value") from error
    if Prompt.NONE in prompts and len(prompts) > 1:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "prompt=none stands alone")
    return prompts


def _max_age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "max_age must be whole seconds")
    return timedelta(seconds=int(text))


def _at_least(text: str) -> Strength | None:
    """The first level that we know; weaker is not answered, stronger is. Source: OpenID Connect Core 3.1.2.1."""
    return next((level for level in map(Strength.of_acr, text.split()) if level is not None), None)


def _key_thumbprint(text: str | None) -> str | None:
    """The key to which the code is bound. Source: RFC 9449 section 10."""
    if text is not None and not is_challenge(text):
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "dpop_jkt is not the SHA-256 thumbprint of a key")
    return text
