"""What the protocol refuses, under the error codes that it names."""

from dataclasses import dataclass
from enum import StrEnum


class OAuthError(StrEnum):
    """Error codes.

    Source: RFC 6749 sections 4.1.2.1 and 5.2; OpenID Connect Core 3.1.2.6; OpenID Connect Core Error Code
    unmet_authentication_requirements 1.0; RFC 9449 section 12.2; RFC 8693 section 2.2.2.
    """

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    INVALID_SCOPE = "invalid_scope"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    ACCESS_DENIED = "access_denied"
    LOGIN_REQUIRED = "login_required"
    CONSENT_REQUIRED = "consent_required"
    UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements"
    INVALID_DPOP_PROOF = "invalid_dpop_proof"
    INVALID_TARGET = "invalid_target"


@dataclass(eq=False)
class OAuthRefusal(Exception):
    """A refusal that the client is told; `why` says what to put right and never holds a secret."""

    error: OAuthError
    why: str


@dataclass(eq=False)
class NoSafeRedirect(Exception):
    """Client or redirect address are not known: nobody may be sent there, the person is told instead."""

    why: str
