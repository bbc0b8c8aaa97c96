"""A client pushes an authorization request before it sends the browser: nobody on the way can change or read it.

Source: RFC 9126. A request is to be taken up within a minute, then the person has half an hour; it is answered once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from gateway.identity.domain.authorization import read_request, redirect_target
from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import NoSafeRedirect, OAuthError, OAuthRefusal
from gateway.identity.store.pushed_requests import PushedRequest, PushedRequestStore
from gateway.identity.use_cases.secret_texts import digest_of, new_secret
from shared.database.unit_of_work import UnitOfWork

PUSHED_LIFETIME: Final = timedelta(seconds=60)
_DECISION_LIFETIME: Final = timedelta(minutes=30)
_PREFIX: Final = "urn:ietf:params:oauth:request_uri:"
_PROOF_OF_CLIENT: Final = frozenset({"client_assertion", "client_assertion_type", "client_secret"})


@dataclass(frozen=True)
class TakenUp:
    """A pushed request that a browser brings: its parameters as text, and when it first came."""

    parameters: str = field(repr=False)
    begun_at: datetime


async def push_request(
    client: Client, parameters: Mapping[str, str], key_thumbprint: str | None, uow: UnitOfWork
) -> str:
    """Check and keep a request; returns its `request_uri`. Raises OAuthRefusal.

    A key that was proved with the request is the one to which its code is bound (RFC 9449 section 10.1).
    """
    asked = {name: value for name, value in parameters.items() if name not in _PROOF_OF_CLIENT}
    if "request_uri" in asked:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "request_uri is what this endpoint returns")
    if key_thumbprint is not None and asked.setdefault("dpop_jkt", key_thumbprint) != key_thumbprint:
        raise OAuthRefusal(OAuthError.INVALID_DPOP_PROOF, "dpop_jkt names another key than the proof")
    try:
        redirect_uri = redirect_target(client, asked)
    except NoSafeRedirect as refusal:
        raise OAuthRefusal(OAuthError.INVALID_REQUEST, "redirect_uri is not registered") from refusal
    read_request(client, redirect_uri, asked | {"request_uri": _PREFIX})
    secret = new_secret()
    text = urlencode(asked | {"client_id": client.client_id})
    pushed = PushedRequest(client.client_id, text, uow.now + PUSHED_LIFETIME)
    await PushedRequestStore(uow.session).add(digest_of(secret), pushed)
    return _PREFIX + secret


async def take_up_request(request_uri: str, client_id: str, uow: UnitOfWork) -> TakenUp:
    """Return a pushed request to the browser that brings it; raises NoSafeRedirect for one that is not there."""
    store, digest = PushedRequestStore(uow.session), _digest(request_uri)
    pushed = await store.lock(digest)
    if pushed is None or pushed.client_id != client_id or pushed.is_used or pushed.expires_at <= uow.now:
        raise NoSafeRedirect("request_uri")
    if pushed.begun_at is None:
        await store.begin(digest, uow.now, uow.now + _DECISION_LIFETIME)
    return TakenUp(pushed.parameters, pushed.begun_at or uow.now)


async def use_request(request_uri: str, uow: UnitOfWork) -> None:
    """Note that a pushed request was answered."""
    await PushedRequestStore(uow.session).use(_digest(request_uri), uow.now)


def _digest(request_uri: str) -> str:
    return digest_of(request_uri.removeprefix(_PREFIX))
