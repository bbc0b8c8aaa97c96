"""Sign-in through an upper platform (上级平台登录): out to its page, back with its word, an account at the end."""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.admission import go_on
from gateway.identity.api.dependencies import Identity, InIdentity, identity_of
from gateway.identity.api.forms import PageRoute, SignInFirst, read_own_form
from gateway.identity.api.onward import Onward, OwnPage, onward_of
from gateway.identity.api.outside import InOutside
from gateway.identity.api.pages import Page, render, speaks_english
from gateway.identity.api.parameters import query_of
from gateway.identity.clients import UpperPlatformClient
from gateway.identity.domain.federation import (
    LINK_WITHIN,
    RETURN_WITHIN,
    BegunSignIn,
    FederationFault,
    FederationRefused,
    PendingLink,
    Vouched,
)
from gateway.identity.domain.providers import Voucher
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.store.used_once import UsedOnce
from gateway.identity.use_cases.authorize import SignedIn, who_is_signed_in
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.identity.use_cases.sign_in_through_platform import (
    LinkFirst,
    ask_who,
    begin,
    check_return,
    find_account,
    link_identity,
    refusal_recorded,
    where_to_ask,
)
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.backend import backend_of
from shared.web.routes import InTransaction, Now

log = logging.getLogger(__name__)

_BROWSER = public("a browser comes here before anybody has signed in")
_BEGUN: Final = "begun"
_LINK: Final = "link"
_BEGUN_FORM: Final = TypeAdapter(BegunSignIn)
_LINK_FORM: Final = TypeAdapter(PendingLink)
_STATUS: Final = {
    FederationFault.UNKNOWN_PLATFORM: HTTPStatus.NOT_FOUND,
    FederationFault.PLATFORM_AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
    FederationFault.NOT_BEGUN_HERE: HTTPStatus.BAD_REQUEST,
    FederationFault.REQUEST_TOO_LONG: HTTPStatus.BAD_REQUEST,
}


class FederationRoute(PageRoute):
    """Shows a sign-in that came to nothing as a page; nothing of it is kept but the record of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve, and tell of refusals: to the person, to the log, to the audit chain."""
        serve = super().get_route_handler()

        async def page(request: Request) -> Response:
            try:
                return await serve(request)
            except FederationRefused as refused:
                return await _refused(refused, request)

        return page


router = APIRouter(route_class=FederationRoute, include_in_schema=False)


@router.get("/login/with/{platform}", dependencies=[_BROWSER])
async def leave(
    platform: str, request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Send the browser to the platform's own sign-in page."""
    client = _platform(platform, outside)
    await client.metadata()
    onward = await onward_of(query_of(request), uow)
    begun = begin(client.platform, onward.parameters, now)
    target = await where_to_ask(begun, client, _return_address(platform, identity))
    response = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    carried = _BEGUN_FORM.dump_json(begun)
    if not cookies.set_sealed(response, _BEGUN, carried, identity, RETURN_WITHIN):
        raise FederationRefused(FederationFault.REQUEST_TOO_LONG)
    return response


@router.get("/login/with/{platform}/return", dependencies=[_BROWSER])
async def come_back(
    platform: str, request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Take the platform's answer, once, in the browser that asked; then go on as after any sign-in."""
    client = _platform(platform, outside)
    begun = _begun(request, identity)
    returned = query_of(request)
    check_return(begun, returned, client.platform, now)
    if not await _first_use(begun, request):
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "replayed")
    found = await ask_who(begun, returned, client, _return_address(platform, identity), now)
    outcome = await find_account(found, client.platform, uow, now)
    onward = await onward_of(begun.way, uow)
    if isinstance(outcome, LinkFirst):
        response = ask_for_link(outcome, found, onward, identity, now)
    else:
        response = await go_on(outcome, onward, request, identity, uow)
    response = _by_way_of_a_page(response, request, identity)
    cookies.forget_sealed(response, _BEGUN, identity)
    return response


@router.get("/login/link", dependencies=[_BROWSER])
async def link_page(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Explain why the account here is to be proven once, and ask for the link when it is."""
    onward = await onward_of(query_of(request), uow)
    pending, voucher = _pending(request, identity, outside, now)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    is_other = signed_in is not None and signed_in.account.subject != pending.subject
    afresh = replace(onward.by_way_of(OwnPage.LINK), again=True)
    values = {
        "platform": voucher.names.of(speaks_english(request, identity)),
        "is_proven": not is_other and await _is_proven(signed_in, uow, now),
        "is_other": is_other,
        "person": signed_in.account.display_name if signed_in else "",
        "onward": onward.parameters,
        "sign_in_url": afresh.through("/login"),
    }
    page = Page("link_identity.html", values, path="/login/link", parameters=onward.parameters)
    return render(page, request, identity)


@router.post("/login/link", dependencies=[_BROWSER])
async def link(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Link the identity to the account that was proven, and go on."""
    form = await read_own_form(request, identity, uow)
    pending, voucher = _pending(request, identity, outside, now)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    is_own = signed_in is not None and signed_in.account.subject == pending.subject
    if signed_in is None or not is_own or not await _is_proven(signed_in, uow, now):
        raise SignInFirst(replace(form.onward.by_way_of(OwnPage.LINK), again=True))
    await link_identity(voucher.issuer, pending.outside_subject, signed_in.account, uow, now)
    response = RedirectResponse(Onward(request_text=form.onward.request_text).url, 303)
    cookies.forget_sealed(response, _LINK, identity)
    return response


def ask_for_link(
    first: LinkFirst, found: Vouched, onward: Onward, identity: Identity, now: datetime
) -> Response:
    """Send the browser to the page that asks for the account to be proven, with what is then to be linked."""
    pending = PendingLink(found.issuer, found.outside_subject, first.account.subject, now)
    response = RedirectResponse(onward.through("/login/link"), 303)
    cookies.set_sealed(response, _LINK, _LINK_FORM.dump_json(pending), identity, LINK_WITHIN)
    return response


def _platform(key: str, outside: OutsideIdentities) -> UpperPlatformClient:
    client = outside.platforms.get(key)
    if client is None:
        raise FederationRefused(FederationFault.UNKNOWN_PLATFORM)
    return client


def _return_address(platform: str, identity: Identity) -> str:
    return f"{identity.issuer.url}/login/with/{platform}/return"


def _begun(request: Request, identity: Identity) -> BegunSignIn:
    carried = cookies.sealed(request, _BEGUN, identity)
    try:
        return _BEGUN_FORM.validate_json(carried or b"")
    except ValidationError as error:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "no cookie") from error


def _pending(
    request: Request, identity: Identity, outside: OutsideIdentities, now: datetime
) -> tuple[PendingLink, Voucher]:
    carried = cookies.sealed(request, _LINK, identity)
    try:
        pending = _LINK_FORM.validate_json(carried or b"")
    except ValidationError as error:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "no link under way") from error
    if now >= pending.begun_at + LINK_WITHIN:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "too late to link")
    voucher = outside.providers.voucher(pending.issuer)
    if voucher is None:
        raise FederationRefused(FederationFault.UNKNOWN_PLATFORM)
    return pending, voucher


async def _first_use(begun: BegunSignIn, request: Request) -> bool:
    """In a transaction of its own: what follows calls the platform, and no transaction waits for that."""
    until = begun.begun_at + RETURN_WITHIN
    return await backend_of(request).transactions.run(
        lambda uow: UsedOnce(uow.session).take("return", begun.platform, begun.state, until=until)
    )


async def _is_proven(signed_in: SignedIn | None, uow: UnitOfWork, now: datetime) -> bool:
    """Whether the account is signed in to freshly, and with all that protects it."""
    if signed_in is None:
        return False
    has_second = await SecondFactorStore(uow.session).has_one(signed_in.account.subject)
    return signed_in.session.may_change_account(now, has_second_factor=has_second)


def _by_way_of_a_page(onward: Response, request: Request, identity: Identity) -> Response:
    """End the chain of redirects that began with a form of the platform's: its policy names us, not our clients."""
    page = render(Page("going_on.html", {"target": onward.headers["location"]}), request, identity)
    for name, value in onward.raw_headers:
        if name == b"set-cookie":
            page.raw_headers.append((name, value))
    return page


async def _refused(refused: FederationRefused, request: Request) -> Response:
    identity = await identity_of(request)
    platform = str(request.path_params.get("platform", ""))[:32]
    log.warning(
        "federation_refused",
        extra={"platform": platform, "fault": refused.fault.value, "reason": refused.why},
    )
    record = refusal_recorded(platform, refused.fault)
    if record is not None:
        await backend_of(request).transactions.run(record)
    onward = _way_back(request, identity)
    values = {"fault": refused.fault.value, "back": onward.through("/login")}
    status = _STATUS.get(refused.fault, HTTPStatus.FORBIDDEN)
    page = render(Page("federation_refused.html", values, status=status), request, identity)
    cookies.forget_sealed(page, _BEGUN, identity)
    return page


def _way_back(request: Request, identity: Identity) -> Onward:
    """The way on that the sign-in began with, as far as it is known; the login page checks it again."""
    try:
        return Onward(request_text=_begun(request, identity).way.get("request", ""))
    except FederationRefused:
        return Onward()
