"""Login and logout."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.admission import go_on
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import PageRoute, peer_of, read_form
from gateway.identity.api.onward import Onward, onward_of
from gateway.identity.api.other_ways import offers_licence, other_ways
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.api.parameters import form_of, query_of, with_parameters
from gateway.identity.api.second_step import missing_proof
from gateway.identity.api.sign_in import refuse_page
from gateway.identity.domain.accounts import SignInRefused, SignInTooSoon
from gateway.identity.domain.clients import Client
from gateway.identity.domain.refusals import OAuthRefusal
from gateway.identity.use_cases.admit import Proven
from gateway.identity.use_cases.authorize import who_is_signed_in
from gateway.identity.use_cases.check_hint import client_of_hint
from gateway.identity.use_cases.sign_in import SignIn, check_password
from gateway.identity.use_cases.sign_out import sign_out
from shared.security.access import public
from shared.security.strength import Strength
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_BROWSER = public("a browser comes here before anybody has signed in")
_LONGEST_NAME = 128
_LONGEST_PASSWORD = 256


@router.get("/login", dependencies=[_BROWSER])
async def login_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask for name and password; of who is signed in and came back, only for what is missing."""
    onward = await onward_of(query_of(request), uow)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    if signed_in is not None and onward.request_text and not onward.again:
        missing = await missing_proof(signed_in, uow)
        if missing is not None:
            response = RedirectResponse(onward.through(missing), 303)
            cookies.forget_pending(
                response, identity
            )  # it is this session that is asked for more, not another
            return response
    return _page(request, identity, onward, "")


@router.post("/login", dependencies=[_BROWSER])
async def login(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Check name and password, and go on with what else is to be proven or with what the client asked for."""
    form = await read_form(request, identity, uow)
    username = form.fields.get("username", "").strip()
    if not form.is_ours:
        return _page(request, identity, form.onward, username, alert="stale_form", status=403)
    command = SignIn(username, form.fields.get("password", ""), peer_of(request, identity))
    if len(command.username) > _LONGEST_NAME or len(command.password) > _LONGEST_PASSWORD:
        return _page(request, identity, form.onward, username, alert="wrong", status=403)
    try:
        account = await check_password(command, identity.passwords, uow, now)
    except SignInRefused:
        return _page(request, identity, form.onward, username, alert="wrong", status=403)
    except SignInTooSoon as refusal:
        return _page(
            request,
            identity,
            form.onward,
            username,
            alert="too_soon",
            status=429,
            seconds=refusal.seconds,
        )
    proven = Proven(account, ("pwd",), Strength.PASSWORD)
    return await go_on(proven, form.onward, request, identity, uow)


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
    if client is not None and parameters.get("client_id", client.client_id) != client.client_id:
        client = None
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
    if "form_token" not in form:  # a client's form: the browser comes again, and then brings its session
        return RedirectResponse(with_parameters("/oauth2/logout", form), 303)
    # Before anything else: a form of another site brings no session, and would still take it from the browser.
    if not cookies.comes_from_our_page(request, form.get("form_token", ""), identity):
        return render(Page("sign_out.html", {}, status=403, path="/oauth2/logout"), request, identity)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
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


def _page(
    request: Request,
    identity: Identity,
    onward: Onward,
    username: str,
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    page = Page(
        "login.html",
        {
            "client_name": onward.client_name,
            "alert": alert,
            "seconds": seconds,
            "onward": onward.parameters,
            "username": username,
            "other_ways": other_ways(request, identity, onward),
            "offers_licence": offers_licence(request),
        },
        status=status,
        leads_to=onward.leads_to,
        parameters=onward.parameters,
    )
    return told_to_wait(render(page, request, identity), seconds)
