"""Cookies of the sign-in pages: the session, the form's secret, the language."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.api.dependencies import Identity
from gateway.identity.domain.accounts import SESSION_LIFETIME
from gateway.identity.use_cases.secret_texts import new_secret

_SESSION = "session"
_FORM = "form"
_LANGUAGE = "language"
_YEAR_SECONDS = 365 * 24 * 3600


def session_secret(request: Request, identity: Identity) -> str | None:
    """Return what the browser sent as its session."""
    return request.cookies.get(identity.cookie_name(_SESSION))


def set_session(response: Response, secret: str, identity: Identity) -> None:
    """Give the browser its session: not readable by scripts, not sent along from other sites' forms."""
    _set(response, identity, _SESSION, secret, int(SESSION_LIFETIME.total_seconds()))


def forget_session(response: Response, identity: Identity) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        identity.cookie_name(_SESSION), path="/", secure=identity.is_https, httponly=True, samesite="lax"
    )


def form_secret(request: Request, identity: Identity) -> str:
    """Return the browser's form secret, or a new one to be set with the page."""
    sent = request.cookies.get(identity.cookie_name(_FORM), "")
    return sent if 40 <= len(sent) <= 64 else new_secret()


def set_form_secret(response: Response, secret: str, identity: Identity) -> None:
    """Give the browser the secret that its forms are checked against."""
    _set(response, identity, _FORM, secret, None)


def form_token(secret: str, identity: Identity) -> str:
    """Return the hidden field that only a page of ours, in this browser, can hold."""
    key = identity.settings.secret.get_secret_value().encode()
    return hmac.new(key, b"form:" + secret.encode(), hashlib.sha256).hexdigest()


def comes_from_our_page(request: Request, token: str, identity: Identity) -> bool:
    """Tell whether a form was sent from a page of ours: right token, and no foreign origin."""
    origin = request.headers.get("origin")
    if origin is not None and origin != identity.issuer.url:
        return False
    sent = request.cookies.get(identity.cookie_name(_FORM), "")
    return bool(sent) and hmac.compare_digest(form_token(sent, identity), token)


def language_cookie(request: Request, identity: Identity) -> str | None:
    """Return the language that the person chose before."""
    return request.cookies.get(identity.cookie_name(_LANGUAGE))


def set_language(response: Response, language: str, identity: Identity) -> None:
    """Remember the language that the person chose."""
    _set(response, identity, _LANGUAGE, language, _YEAR_SECONDS)


def _set(response: Response, identity: Identity, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        identity.cookie_name(name),
        value,
        max_age=seconds,
        path="/",
        secure=identity.is_https,
        httponly=True,
        samesite="lax",
    )
