"""Cookies of the sign-in pages: the session, the form's secret, the language."""

import hashlib
import hmac
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.api.dependencies import Identity
from gateway.identity.domain.accounts import PENDING_LIFETIME, SESSION_LIFETIME
from gateway.identity.use_cases.secret_texts import new_secret
from shared.security.keys import decode_base64url, encode_base64url
from shared.security.sealing import CannotUnseal, Sealer

_SESSION = "session"
_PENDING = "pending"
_FORM = "form"
_LANGUAGE = "language"
_LONGEST = 3800  # browsers keep 4096 bytes of a cookie, its name and attributes among them
_YEAR_SECONDS = 365 * 24 * 3600


def session_secret(request: Request, identity: Identity) -> str | None:
    """Return what the browser sent as its session."""
    return request.cookies.get(identity.cookie_name(_SESSION))


def set_session(response: Response, secret: str, identity: Identity) -> None:
    """Give the browser its session: not readable by scripts, not sent along from other sites' forms."""
    _set(response, identity, _SESSION, secret, int(SESSION_LIFETIME.total_seconds()))


def forget_session(response: Response, identity: Identity) -> None:
    """Take the session from the browser."""
    _forget(response, identity, _SESSION)


def pending_secret(request: Request, identity: Identity) -> str | None:
    """Return what the browser sent as its sign-in under way."""
    return request.cookies.get(identity.cookie_name(_PENDING))


def set_pending(response: Response, secret: str, identity: Identity) -> None:
    """Bind a sign-in that is still to be completed to the browser in which it began."""
    _set(response, identity, _PENDING, secret, int(PENDING_LIFETIME.total_seconds()))


def forget_pending(response: Response, identity: Identity) -> None:
    """The sign-in is complete."""
    _forget(response, identity, _PENDING)


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


def set_sealed(response: Response, name: str, value: bytes, identity: Identity, lifetime: timedelta) -> bool:
    """Let the browser carry what it cannot read or change; False where it is longer than a cookie may be."""
    text = encode_base64url(_sealer(name, identity).seal(value))
    if len(text) > _LONGEST:
        return False
    _set(response, identity, name, text, int(lifetime.total_seconds()))
    return True


def sealed(request: Request, name: str, identity: Identity) -> bytes | None:
    """Return what the browser carries under this name, if we sealed it."""
    text = request.cookies.get(identity.cookie_name(name), "")
    try:
        return _sealer(name, identity).unseal(decode_base64url(text)) if text else None
    except (ValueError, CannotUnseal):
        return None


def forget_sealed(response: Response, name: str, identity: Identity) -> None:
    """Take it from the browser."""
    _forget(response, identity, name)


def _sealer(name: str, identity: Identity) -> Sealer:
    return Sealer(identity.settings.secret.get_secret_value().encode(), f"cookie/{name}")


def _forget(response: Response, identity: Identity, name: str) -> None:
    response.delete_cookie(
        identity.cookie_name(name), path="/", secure=identity.is_https, httponly=True, samesite="lax"
    )


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
