"""The pages after the password: the code of the second factor, and a new password where one is demanded."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.admission import go_on
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import (
    Form,
    PageRoute,
    SignInFirst,
    device_of,
    peer_of,
    read_form,
    read_own_form,
)
from gateway.identity.api.onward import Onward, onward_of
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.api.parameters import query_of
from gateway.identity.domain.accounts import Account, Session, SignInRefused, SignInTooSoon
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.use_cases.admit import Proven, find_pending, strengthen
from gateway.identity.use_cases.authorize import SignedIn, who_is_signed_in
from gateway.identity.use_cases.replace_password import PasswordNotAccepted, set_first_password
from gateway.identity.use_cases.second_factor import GivenCode, prove_second_factor
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.security.strength import Strength
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_UNDER_WAY = public("a browser comes here in the middle of a sign-in, which its cookie names")


@dataclass(frozen=True)
class _Half:
    """Whose second factor is asked for: of a sign-in under way, or of a session that is to grow stronger."""

    account: Account
    proven: Proven | None
    session: Session | None


async def missing_proof(signed_in: SignedIn, uow: UnitOfWork) -> str | None:
    """Return the page that asks what a signed-in person whose session is too weak still has to prove."""
    if signed_in.session.strength >= Strength.FACE:
        return None
    if signed_in.session.strength >= Strength.TWO_FACTOR:
        return "/login/face"
    has_one = await SecondFactorStore(uow.session).has_one(signed_in.account.subject)
    return "/login/code" if has_one else "/account/second-factor"


@router.get("/login/code", dependencies=[_UNDER_WAY])
async def code_page(request: Request, identity: InIdentity, uow: InTransaction) -> Response:
    """Ask for the code."""
    onward = await onward_of(query_of(request), uow)
    await _half(request, identity, onward, uow)
    return _code_page(request, identity, onward)


@router.post("/login/code", dependencies=[_UNDER_WAY])
async def code(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Check the code, and go on."""
    form = await read_form(request, identity, uow)
    half = await _half(request, identity, form.onward, uow)
    if not form.is_ours:
        return _code_page(request, identity, form.onward, alert="stale_form", status=403)
    given = GivenCode(form.text("code", 64), peer_of(request, identity), device_of(request))
    try:
        await prove_second_factor(half.account, given, identity.sealer, uow, now)
    except SignInRefused:
        return _code_page(request, identity, form.onward, alert="wrong_code", status=403)
    except SignInTooSoon as refusal:
        return _code_page(
            request, identity, form.onward, alert="too_soon", status=429, seconds=refusal.seconds
        )
    if half.proven is not None:
        return await go_on(half.proven.and_also("otp"), form.onward, request, identity, uow)
    return await _stronger(half, form, identity, uow)


@router.get("/login/new-password", dependencies=[_UNDER_WAY])
async def new_password_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask for a new password, because an operator demanded one."""
    onward = await onward_of(query_of(request), uow)
    proven = await _demanded(request, identity, onward, uow)
    return _new_password_page(request, identity, onward, proven.account.username)


@router.post("/login/new-password", dependencies=[_UNDER_WAY])
async def new_password(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Set it, and go on."""
    form = await read_own_form(request, identity, uow)
    proven = await _demanded(request, identity, form.onward, uow)
    account, new = proven.account, form.fields.get("new_password", "")
    alert = "passwords_differ" if new != form.fields.get("repeated", "") else None
    if alert is None and await identity.passwords.verify(account.password_hash, new):
        alert = "password_same"
    if alert is None:
        try:
            await set_first_password(account, new, None, identity.passwords, uow, now)
        except PasswordNotAccepted as refusal:
            alert = refusal.fault.value
    if alert is not None:
        return _new_password_page(request, identity, form.onward, account.username, alert)
    renewed = await _half(request, identity, form.onward, uow)
    if renewed.proven is None:
        raise SignInFirst(form.onward)
    return await go_on(renewed.proven, form.onward, request, identity, uow)


async def _half(request: Request, identity: Identity, onward: Onward, uow: UnitOfWork) -> _Half:
    proven = await find_pending(cookies.pending_secret(request, identity), uow, uow.now)
    if proven is not None:
        return _Half(proven.account, proven, None)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, uow.now)
    if signed_in is None:
        raise SignInFirst(onward)
    return _Half(signed_in.account, None, signed_in.session)


async def _demanded(request: Request, identity: Identity, onward: Onward, uow: UnitOfWork) -> Proven:
    """A new password is set in the middle of a sign-in only, once all else was proven."""
    half = await _half(request, identity, onward, uow)
    has_more = await SecondFactorStore(uow.session).has_one(half.account.subject)
    if half.proven is None or not half.account.must_change_password:
        raise SignInFirst(onward)
    if has_more and half.proven.strength < Strength.TWO_FACTOR:
        raise SignInFirst(onward)
    return half.proven


async def _stronger(half: _Half, form: Form, identity: Identity, uow: UnitOfWork) -> Response:
    if half.session is None:
        raise SignInFirst(form.onward)
    response = RedirectResponse(form.onward.url, 303)
    cookies.set_session(response, await strengthen(half.session, "otp", uow, uow.now), identity)
    return response


def _code_page(
    request: Request,
    identity: Identity,
    onward: Onward,
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    values = {"alert": alert, "seconds": seconds, "onward": onward.parameters}
    page = Page("code.html", values, status, onward.leads_to, "/login/code", onward.parameters)
    return told_to_wait(render(page, request, identity), seconds)


def _new_password_page(
    request: Request, identity: Identity, onward: Onward, username: str, alert: str | None = None
) -> Response:
    values = {
        "alert": alert,
        "seconds": 0,
        "hidden": onward.parameters,
        "heading": "new_password_demanded",
        "explanation": "new_password_demanded_text",
        "action": "/login/new-password",
        "username": username,
        "asks_current": False,
    }
    status = 200 if alert is None else 400
    page = Page(
        "new_password.html",
        values,
        status,
        onward.leads_to,
        "/login/new-password",
        onward.parameters,
    )
    return render(page, request, identity)
