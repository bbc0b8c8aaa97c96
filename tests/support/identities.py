"""Tokens as the gateway would issue them, signed with a key of the test run."""

import time
from collections.abc import Sequence

from shared.security.key_set import FixedKeySet
from shared.security.keys import SigningKey
from shared.security.tokens import access_claims, issue_token, prepare_key

ISSUER = "http://127.0.0.1:8000"
EVERYWHERE = ("gateway", "registration", "credit", "licensing", "hotline")
SIGNING_KEY = SigningKey.generate()
KEYS = FixedKeySet([prepare_key(SIGNING_KEY.public_jwk())])


def person_token(subject: str, *scopes: str, acted_by: str | None = None) -> str:
    """An access token of a signed-in person, through the portal."""
    return _token(subject, "portal", scopes, acr="urn:tongban:acr:password", acted_by=acted_by)


def agency_token(client_id: str, agency: str, *scopes: str) -> str:
    """An access token of an agency's own client; `agency` is its unified social credit code."""
    return _token(client_id, client_id, scopes, agency=agency)


def officer_token(subject: str, agency: str, *scopes: str) -> str:
    """An access token of an officer who signed in."""
    return _token(subject, "portal", scopes, agency=agency, acr="urn:tongban:acr:password")


def _token(
    subject: str,
    client_id: str,
    scopes: Sequence[str],
    *,
    agency: str | None = None,
    acr: str | None = None,
    acted_by: str | None = None,
) -> str:
    claims = access_claims(
        issuer=ISSUER,
        subject=subject,
        client_id=client_id,
        audience=EVERYWHERE,
        scopes=scopes or ("none.none.none",),
        now=int(time.time()),
        agency=agency,
        acr=acr,
        acted_by=acted_by,
    )
    return issue_token(claims, SIGNING_KEY)


def bearer(token: str, *, key: str | None = None, language: str | None = None) -> dict[str, str]:
    """Headers of a call: the token, an idempotency key for commands, the caller's language."""
    headers = {"Authorization": f"Bearer {token}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    if language is not None:
        headers["Accept-Language"] = language
    return headers
