"""What all pages with forms have in common: the form as it came, who is signed in, refusals as pages."""

import hashlib
import hmac
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity, identity_of
from gateway.identity.api.onward import Onward, OwnPage, onward_of
from gateway.identity.api.pages import Page, render
from gateway.identity.api.parameters import form_of
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.api.sign_in import refuse_page
from gateway.identity.domain.accounts import LinkNotGood
from gateway.identity.domain.devices import device_name
from gateway.identity.domain.refusals import NoSafeRedirect, OAuthRefusal
from gateway.identity.use_cases.admit import Browser
from gateway.identity.use_cases.authorize import SignedIn, who_is_signed_in
from shared.database.unit_of_work import UnitOfWork
from shared.web.addresses import counted_as


@dataclass(eq=False)
class StaleForm(Exception):
    """The form did not come from a page of ours in this browser, or too late."""


@dataclass(eq=False)
class SignInFirst(Exception):
    """Nobody is signed in here, or not freshly enough; `onward` is where to go afterwards."""

    onward: Onward


@dataclass(frozen=True)
class Form:
    """What a person sent, and where to go on to."""

    fields: Mapping[str, str]
    onward: Onward
    is_ours: bool

    def text(self, name: str, longest: int = 256) -> str:
        """A field, cut to what a page of ours would have let through."""
        return self.fields.get(name, "")[:longest]


class PageRoute(ProtocolRoute):
    """Shows what cannot be done as a page; nothing of it is kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve, and turn the refusals that any page can meet into pages."""
        serve = super().get_route_handler()

        async def page(request: Request) -> Response:
            identity = await identity_of(request)
            try:
                return await serve(request)
            except (OAuthRefusal, NoSafeRedirect) as refusal:
                return refuse_page(refusal.why, request, identity)
            except StaleForm:
                return _message("stale_form", "stale_form_text", 403, request, identity)
            except LinkNotGood:
                return _message("link_not_good", "link_not_good_text", 410, request, identity)
            except SignInFirst as first:
                return RedirectResponse(first.onward.through("/login"), 303)

        return page


async def read_form(request: Request, identity: Identity, uow: UnitOfWork) -> Form:
    """Read a form; raises OAuthRefusal, NoSafeRedirect."""
    fields = await form_of(request)
    is_ours = cookies.comes_from_our_page(request, fields.get("form_token", ""), identity)
    return Form(fields, await onward_of(fields, uow), is_ours)


async def read_own_form(request: Request, identity: Identity, uow: UnitOfWork) -> Form:
    """Read a form that only a page of ours may send; raises StaleForm otherwise."""
    form = await read_form(request, identity, uow)
    if not form.is_ours:
        raise StaleForm
    return form


async def signed_in_here(
    request: Request, identity: Identity, page: OwnPage, uow: UnitOfWork, now: datetime
) -> SignedIn:
    """Return who is signed in; raises SignInFirst, which comes back to the page."""
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    if signed_in is None:
        raise SignInFirst(Onward(page=page))
    return signed_in


async def browser_of(request: Request, identity: Identity, uow: UnitOfWork, now: datetime) -> Browser:
    """Describe the browser, and the session that it has."""
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    return Browser(device_of(request), signed_in.session if signed_in else None)


def device_of(request: Request) -> str:
    """The coarse name of the browser."""
    return device_name(request.headers.get("user-agent", ""))


def peer_of(request: Request, identity: Identity) -> str:
    """Return a keyed digest of where a request comes from.

    The proxy has settled who that is: a header counts only where a trusted proxy wrote it.
    """
    text = counted_as(request.client.host if request.client else "")
    key = identity.settings.secret.get_secret_value().encode()
    return hmac.new(key, b"peer:" + text.encode(), hashlib.sha256).hexdigest()


def _message(heading: str, message: str, status: int, request: Request, identity: Identity) -> Response:
    values = {"heading": heading, "message": message, "reason": None}
    return render(Page("message.html", values, status=status), request, identity)
