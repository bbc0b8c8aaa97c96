"""The pages on which a person adds or removes a second factor and renews recovery codes."""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.account_pages import OWN_SESSION, to_change
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import Form, PageRoute, SignInFirst, device_of, peer_of, read_own_form
from gateway.identity.api.onward import Onward, OwnPage, onward_of
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.api.parameters import query_of
from gateway.identity.api.qr_codes import drawn
from gateway.identity.domain.accounts import SignInRefused, SignInTooSoon
from gateway.identity.domain.one_time_code import enrolment_uri, secret_as_text
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.use_cases.admit import strengthen
from gateway.identity.use_cases.authorize import SignedIn
from gateway.identity.use_cases.second_factor import (
    GivenCode,
    begin_enrolment,
    confirm_enrolment,
    remove_second_factor,
    renew_recovery_codes,
)
from shared.database.unit_of_work import UnitOfWork
from shared.web.routes import InTransaction, Now

router = APIRouter(prefix="/account", route_class=PageRoute, include_in_schema=False)

_PAGE: Final = OwnPage.SECOND_FACTOR
_PATH: Final = _PAGE.path
_ISSUER: Final = "Tongban"


@router.get("/second-factor", dependencies=[OWN_SESSION])
async def second_factor_page(
    request: Request, identity: InIdentity, uow: InTransaction, now: Now
) -> Response:
    """Explain it, and offer what can be done now."""
    onward = await onward_of(query_of(request), uow)
    signed_in = await to_change(request, identity, _PAGE, uow, now, request_text=onward.request_text)
    store = SecondFactorStore(uow.session)
    values = {
        "has_second_factor": await store.has_one(signed_in.account.subject),
        "codes_left": await store.recovery_codes_left(signed_in.account.subject),
        "onward": onward.parameters,
        "client_name": onward.client_name,
    }
    page = Page("second_factor.html", values, 200, onward.leads_to, _PATH, onward.parameters)
    return render(page, request, identity)


@router.get("/second-factor/enrolment", dependencies=[OWN_SESSION])
async def enrolment_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """The language was switched, or the page was loaded again: back to the start, which explains."""
    return RedirectResponse((await onward_of(query_of(request), uow)).through(_PATH), 303)


@router.post("/second-factor/enrolment", dependencies=[OWN_SESSION])
async def begin(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Show the secret to the person's authenticator, and ask for its first code."""
    form = await read_own_form(request, identity, uow)
    signed_in = await _changing(form, request, identity, uow)
    return await _enrolment_page(request, identity, form.onward, signed_in, uow)


@router.post("/second-factor", dependencies=[OWN_SESSION])
async def confirm(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Take the authenticator into use; the session grows stronger at once."""
    form = await read_own_form(request, identity, uow)
    signed_in = await _changing(form, request, identity, uow)
    given = GivenCode(form.text("code", 64), peer_of(request, identity), device_of(request))
    try:
        codes = await confirm_enrolment(signed_in.account, given, identity.sealer, uow, now)
    except SignInRefused:
        return await _enrolment_page(request, identity, form.onward, signed_in, uow, alert="wrong_code")
    except SignInTooSoon as refusal:
        return await _enrolment_page(
            request, identity, form.onward, signed_in, uow, alert="too_soon", seconds=refusal.seconds
        )
    response = _codes_page(request, identity, form.onward, codes)
    cookies.set_session(response, await strengthen(signed_in.session, "otp", uow, now), identity)
    return response


@router.post("/second-factor/recovery-codes", dependencies=[OWN_SESSION])
async def recovery_codes(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Show new recovery codes; the old ones are good no more."""
    form = await read_own_form(request, identity, uow)
    signed_in = await _changing(form, request, identity, uow)
    if not await SecondFactorStore(uow.session).has_one(signed_in.account.subject):
        return RedirectResponse(_PATH, 303)
    codes = await renew_recovery_codes(signed_in.account, device_of(request), uow, now)
    return _codes_page(request, identity, form.onward, codes)


@router.post("/second-factor/removal", dependencies=[OWN_SESSION])
async def remove(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Remove it."""
    form = await read_own_form(request, identity, uow)
    signed_in = await _changing(form, request, identity, uow)
    if await SecondFactorStore(uow.session).has_one(signed_in.account.subject):
        await remove_second_factor(signed_in.account, device_of(request), uow, now)
    return RedirectResponse("/account", 303)


async def _changing(form: Form, request: Request, identity: Identity, uow: UnitOfWork) -> SignedIn:
    return await to_change(request, identity, _PAGE, uow, uow.now, request_text=form.onward.request_text)


async def _enrolment_page(
    request: Request,
    identity: Identity,
    onward: Onward,
    signed_in: SignedIn,
    uow: UnitOfWork,
    *,
    alert: str | None = None,
    seconds: int = 0,
) -> Response:
    account = signed_in.account
    try:
        secret = await begin_enrolment(account, identity.sealer, uow, uow.now)
    except SignInRefused as error:
        raise SignInFirst(Onward(onward.request_text, _PAGE)) from error
    values = {
        "alert": alert,
        "seconds": seconds,
        "qr": drawn(enrolment_uri(secret, issuer=_ISSUER, account=account.username)),
        "key": secret_as_text(secret),
        "onward": onward.parameters,
    }
    status = {None: 200, "too_soon": 429}.get(alert, 403)
    path = f"{_PATH}/enrolment"
    page = Page("enrolment.html", values, status, onward.leads_to, path, onward.parameters)
    return told_to_wait(render(page, request, identity), seconds)


def _codes_page(request: Request, identity: Identity, onward: Onward, codes: list[str]) -> Response:
    goes_back = onward.url if onward.request_text else "/account"
    values = {"codes": codes, "goes_on_to": goes_back, "client_name": onward.client_name}
    page = Page("recovery_codes.html", values, 200, onward.leads_to, f"{_PATH}/enrolment")
    return render(page, request, identity)
