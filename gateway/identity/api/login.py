"""Login and logout."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.pages import Page, render
from gateway.identity.api.parameters import form_of, parse_parameters, query_of, with_parameters
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.api.sign_in import refuse_page, safe_redirect
from gateway.identity.domain.accounts import SignInRefused, SignInTooSoon
from gateway.identity.domain.clients import Client, origin_of
from gateway.identity.domain.refusals import NoSafeRedirect, OAuthRefusal
from gateway.identity.use_cases.authorize import who_is_signed_in
from gateway.identity.use_cases.check_hint import client_of_hint
from gateway.identity.use_cases.sign_in import SignIn, sign_in
from gateway.identity.use_cases.sign_out import sign_out
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=ProtocolRoute, include_in_schema=False)

_BROWSER = public("a browser comes here before anybody has signed in")
_LONGEST_NAME = 128
_LONGEST_PASSWORD = 256


@router.get("/login", dependencies=[_BROWSER])
async def login_page(request: Request, identity: InIdentity, uow: InTransaction) -> Response:
    """Ask for name and password."""
    try:
        parameters = query_of(request)
        client = await _client_behind(parameters.get("request", ""), uow)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    return _page(request, identity, client, parameters)


@router.post("/login", dependencies=[_BROWSER])
async def login(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Check name and password, begin the session, and go on with what the client asked for."""
    try:
        form = await form_of(request)
        client = await _client_behind(form.get("request", ""), uow)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    if not cookies.comes_from_our_page(request, form.get("form_token", ""), identity):
        return _page(request, identity, client, form, alert="stale_form", status=403)
    command = SignIn(form.get("username", "").strip(), form.get("password", ""))
    if len(command.username) > _LONGEST_NAME or len(command.password) > _LONGEST_PASSWORD:
        return _page(request, identity, client, form, alert="wrong", status=403)
    try:
        secret = await sign_in(command, identity.passwords, uow, now)
    except SignInRefused:
        return _page(request, identity, client, form, alert="wrong", status=403)
    except SignInTooSoon as refusal:
        return _page(request, identity, client, form, alert="too_soon", status=429, seconds=refusal.seconds)
    target = f"/oauth2/authorize?{form['request']}" if client else "/oauth2/signed-in"
    response = RedirectResponse(target, 303)
    cookies.set_session(response, secret, identity)
    return response


@router.get("/oauth2/signed-in", dependencies=[_BROWSER])
async def signed_in_page(request: Request, identity: InIdentity) -> Response:
    """Say that the person is signed in, where no client asked for it."""
    values = {"heading": "signed_in", "message": "signed_in_text", "reason": None}
    return render(Page("message.html", values, path="/oauth2/signed-in"), request, identity)


@router.get("/oauth2/logout", dependencies=[_BROWSER])
async def logout_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Sign out at once where the client shows the person's ID token, ask otherwise.

    Source: OpenID Connect RP-Initiated Logout 1.0.
    """
    try:
        parameters = query_of(request)
    except OAuthRefusal as refusal:
        return refuse_page(refusal.why, request, identity)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    hint = parameters.get("id_token_hint", "")
    client = await client_of_hint(hint, signed_in, identity.issuer, uow) if hint else None
    if client is None and signed_in is not None:
        return render(Page("sign_out.html", {}, path="/oauth2/logout"), request, identity)
    if signed_in is not None:
        await sign_out(signed_in.session, uow, now)
    return _signed_out(request, identity, client, parameters)


@router.post("/oauth2/logout", dependencies=[_BROWSER])
async def logout(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Sign out: the session ends for every client."""
    try:
        form = await form_of(request)
    except OAuthRefusal as refusal:
        return refuse_page(refusal.why, request, identity)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    if signed_in is not None and not cookies.comes_from_our_page(
        request, form.get("form_token", ""), identity
    ):
        return render(Page("sign_out.html", {}, status=403, path="/oauth2/logout"), request, identity)
    if signed_in is not None:
        await sign_out(signed_in.session, uow, now)
    return _signed_out(request, identity, None, {})


def _signed_out(
    request: Request, identity: Identity, client: Client | None, parameters: Mapping[str, str]
) -> Response:
    target = parameters.get("post_logout_redirect_uri", "")
    response: Response
    if client is not None and target in client.post_logout_redirect_uris:
        response = RedirectResponse(with_parameters(target, {"state": parameters.get("state")}), 303)
    else:
        values = {"heading": "signed_out", "message": "signed_out_text", "reason": None}
        response = render(Page("message.html", values), request, identity)
    cookies.forget_session(response, identity)
    return response


async def _client_behind(request_text: str, uow: UnitOfWork) -> Client | None:
    if not request_text:
        return None
    client, _ = await safe_redirect(parse_parameters(request_text), uow)
    return client


def _page(
    request: Request,
    identity: Identity,
    client: Client | None,
    parameters: Mapping[str, str],
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    request_text = parameters.get("request", "")
    asked = parse_parameters(request_text)
    page = Page(
        "login.html",
        {
            "client_name": client.name if client else None,
            "alert": alert,
            "seconds": seconds,
            "request_text": request_text,
            "username": parameters.get("username", ""),
        },
        status=status,
        leads_to=origin_of(asked["redirect_uri"]) if client else None,
        parameters={"request": request_text} if request_text else {},
    )
    response = render(page, request, identity)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response
