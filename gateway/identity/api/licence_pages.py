"""Sign-in with an electronic business licence (以电子营业执照登录): a code to scan, and what the wallet tells of it."""

import logging
from collections.abc import Callable, Coroutine
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
from gateway.identity.api.federation import ask_for_link
from gateway.identity.api.forms import PageRoute, read_own_form
from gateway.identity.api.onward import Onward, onward_of
from gateway.identity.api.outside import InOutside
from gateway.identity.api.pages import Page, render
from gateway.identity.api.qr_codes import drawn
from gateway.identity.domain.federation import FederationFault, FederationRefused
from gateway.identity.domain.licence_sign_in import (
    SHOWN_WITHIN,
    BegunWithLicence,
    LicenceFault,
    LicenceSignInRefused,
)
from gateway.identity.licence_wallets import LicenceWalletClient
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.identity.use_cases.sign_in_through_platform import LinkFirst, refusal_recorded
from gateway.identity.use_cases.sign_in_with_licence import (
    ask_wallet,
    find_holder,
    licence_refusal_recorded,
    may_act,
)
from shared.security.access import public
from shared.web.backend import backend_of
from shared.web.routes import InTransaction, Now

log = logging.getLogger(__name__)

_BROWSER = public("a browser comes here before anybody has signed in")
_BEGUN: Final = "licence"
_BEGUN_FORM: Final = TypeAdapter(BegunWithLicence)
_WAITING: Final = "/login/with-licence/waiting"
_LOOKS_AGAIN_SECONDS: Final = 5
_STATUS: Final = {
    LicenceFault.NOT_OFFERED: HTTPStatus.NOT_FOUND,
    LicenceFault.WALLET_AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
    LicenceFault.REGISTER_AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
    FederationFault.NOT_BEGUN_HERE: HTTPStatus.BAD_REQUEST,
    FederationFault.REQUEST_TOO_LONG: HTTPStatus.BAD_REQUEST,
}


class LicenceRoute(PageRoute):
    """Shows a sign-in that came to nothing as a page; nothing of it is kept but the record of it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve, and tell of refusals: to the person, to the log, to the audit chain."""
        serve = super().get_route_handler()

        async def page(request: Request) -> Response:
            try:
                return await serve(request)
            except (LicenceSignInRefused, FederationRefused) as refused:
                return await _refused(refused, request)

        return page


router = APIRouter(route_class=LicenceRoute, include_in_schema=False)


@router.post("/login/with-licence", dependencies=[_BROWSER])
async def begin(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Let the wallet wait for a licence; the transaction ends before, so that nothing waits for the wallet."""
    form = await read_own_form(request, identity, uow)
    wallet = _wallet(outside)
    await uow.commit()
    begun = BegunWithLicence(await wallet.begin(identity.issuer.url), now, form.onward.parameters)
    response = RedirectResponse(_WAITING, 303, headers={"Cache-Control": "no-store"})
    if not cookies.set_sealed(response, _BEGUN, _BEGUN_FORM.dump_json(begun), identity, SHOWN_WITHIN):
        raise FederationRefused(FederationFault.REQUEST_TOO_LONG)
    return response


@router.get(_WAITING, dependencies=[_BROWSER])
async def wait(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Show the code until a licence was shown; then go on in the browser that began, as after any sign-in."""
    wallet, begun = _wallet(outside), _begun(request, identity, now)
    audiences = (identity.issuer.url, f"{identity.issuer.url}/oauth2/token")
    shown = await ask_wallet(begun, wallet, outside, audiences, now)
    if shown is None:
        return _waiting(begun, request, identity)
    key = identity.settings.person_reference_key.get_secret_value().encode()
    holder = await find_holder(shown, outside, key, uow, now)
    onward = await onward_of(begun.way, uow)
    if isinstance(holder.outcome, LinkFirst):
        response = ask_for_link(holder.outcome, holder.found, onward, identity, now)
    else:
        response = await go_on(holder.outcome, onward, request, identity, uow)
        if not await may_act(holder.outcome.account, shown.licence.uscc, key, uow, now):
            response = _without_power(response, shown.licence.uscc, request, identity)
    cookies.forget_sealed(response, _BEGUN, identity)
    return response


def _wallet(outside: OutsideIdentities) -> LicenceWalletClient:
    if outside.wallet is None:
        raise LicenceSignInRefused(LicenceFault.NOT_OFFERED)
    return outside.wallet


def _begun(request: Request, identity: Identity, now: datetime) -> BegunWithLicence:
    carried = cookies.sealed(request, _BEGUN, identity)
    try:
        begun = _BEGUN_FORM.validate_json(carried or b"")
    except ValidationError as error:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "no cookie") from error
    if not begun.begun_at <= now < begun.begun_at + SHOWN_WITHIN:
        raise FederationRefused(FederationFault.NOT_BEGUN_HERE, "too late")
    return begun


def _waiting(begun: BegunWithLicence, request: Request, identity: Identity) -> Response:
    """The page looks again by itself only where the person turned that on. Source: WCAG 2.2, 2.2.1 and F41."""
    by_itself = request.query_params.get("auto") == "1"
    values = {
        "qr": drawn(begun.shown_to.qr_content),
        "again": _WAITING,
        "by_itself": by_itself,
        "seconds": _LOOKS_AGAIN_SECONDS,
        "back": Onward(request_text=begun.way.get("request", "")).through("/login"),
    }
    parameters = {"auto": "1"} if by_itself else {}
    page = render(
        Page("licence_waiting.html", values, path=_WAITING, parameters=parameters), request, identity
    )
    if by_itself:
        page.headers["Refresh"] = str(_LOOKS_AGAIN_SECONDS)
    return page


def _without_power(onward: Response, uscc: str, request: Request, identity: Identity) -> Response:
    """Say that the sign-in is the person's alone, before it goes on."""
    values = {"target": onward.headers["location"], "uscc": uscc}
    page = render(Page("licence_without_power.html", values, path="/login"), request, identity)
    page.raw_headers.extend(each for each in onward.raw_headers if each[0] == b"set-cookie")
    return page


async def _refused(refused: LicenceSignInRefused | FederationRefused, request: Request) -> Response:
    identity = await identity_of(request)
    log.warning("licence_sign_in_refused", extra={"fault": refused.fault.value, "reason": refused.why})
    if isinstance(refused, LicenceSignInRefused):
        record = licence_refusal_recorded(refused)
    else:
        record = refusal_recorded("licence", refused.fault)
    if record is not None:
        await backend_of(request).transactions.run(record)
    values = {"fault": refused.fault.value, "back": _way_back(request, identity).through("/login")}
    status = _STATUS.get(refused.fault, HTTPStatus.FORBIDDEN)
    page = render(Page("federation_refused.html", values, status=status), request, identity)
    is_passing = refused.fault in (LicenceFault.WALLET_AWAY, LicenceFault.REGISTER_AWAY)
    if not is_passing:
        cookies.forget_sealed(page, _BEGUN, identity)
    return page


def _way_back(request: Request, identity: Identity) -> Onward:
    """The way on that the sign-in began with, as far as it is known; the login page checks it again."""
    try:
        begun = _BEGUN_FORM.validate_json(cookies.sealed(request, _BEGUN, identity) or b"")
    except ValidationError:
        return Onward()  # nothing was begun here, so there is no way to go back on
    return Onward(request_text=begun.way.get("request", ""))
