"""The sign-in pages: authorization request, login, consent."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.pages import Page, render
from gateway.identity.api.parameters import (
    form_of,
    parse_parameters,
    query_of,
    with_parameters,
    without_sign_in,
)
from gateway.identity.api.routing import ProtocolRoute
from gateway.identity.domain.authorization import AuthorizationRequest, read_request, redirect_target
from gateway.identity.domain.clients import Client, origin_of
from gateway.identity.domain.refusals import NoSafeRedirect, OAuthError, OAuthRefusal
from gateway.identity.domain.scopes import held_by_person
from gateway.identity.store.clients import ClientStore
from gateway.identity.use_cases.authorize import (
    NextStep,
    SignedIn,
    issue_code,
    next_step,
    who_is_signed_in,
)
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=ProtocolRoute, include_in_schema=False)

_BROWSER = public("a browser comes here before anybody has signed in")


@router.get("/oauth2/authorize", dependencies=[_BROWSER])
async def authorize(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Begin: sign in, ask for consent, or send the code at once."""
    try:
        parameters = query_of(request)
        client, redirect_uri = await safe_redirect(parameters, uow)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    try:
        asked = read_request(client, redirect_uri, parameters)
        signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
        step = await next_step(asked, signed_in, uow, now)
    except OAuthRefusal as refusal:
        return _back(redirect_uri, parameters, identity, error=refusal.error, why=refusal.why)
    if signed_in is None or step is NextStep.SIGN_IN:
        return RedirectResponse(with_parameters("/login", {"request": without_sign_in(parameters)}), 303)
    if step is NextStep.CONSENT:
        return _consent_page(asked, signed_in, parameters, request, identity)
    code = await issue_code(asked, signed_in, uow, now)
    return _back(redirect_uri, parameters, identity, code=code)


@router.post("/consent", dependencies=[_BROWSER])
async def consent(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Take the person's decision and send it to the client."""
    try:
        form = await form_of(request)
        parameters = parse_parameters(form.get("request", ""))
        client, redirect_uri = await safe_redirect(parameters, uow)
        asked = read_request(client, redirect_uri, parameters)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    if signed_in is None:
        return RedirectResponse(with_parameters("/login", {"request": without_sign_in(parameters)}), 303)
    if not cookies.comes_from_our_page(request, form.get("form_token", ""), identity):
        return _consent_page(asked, signed_in, parameters, request, identity, status=403)
    if form.get("decision") != "allow":
        why = "the person did not allow it"
        return _back(redirect_uri, parameters, identity, error=OAuthError.ACCESS_DENIED, why=why)
    code = await issue_code(asked, signed_in, uow, now)
    return _back(redirect_uri, parameters, identity, code=code)


async def safe_redirect(parameters: Mapping[str, str], uow: UnitOfWork) -> tuple[Client, str]:
    """Return the client and where its answer may be sent; raises NoSafeRedirect."""
    client = await ClientStore(uow.session).find(parameters.get("client_id", ""))
    redirect_uri = redirect_target(client, parameters)
    if client is None:
        raise NoSafeRedirect("client_id")
    return client, redirect_uri


def refuse_page(why: str, request: Request, identity: Identity) -> Response:
    """Tell the person, and nobody else, that a request cannot be answered."""
    values = {"heading": "error", "message": "error_text", "reason": why}
    return render(Page("message.html", values, status=400), request, identity)


def _back(
    redirect_uri: str,
    parameters: Mapping[str, str],
    identity: Identity,
    *,
    code: str | None = None,
    error: OAuthError | None = None,
    why: str | None = None,
) -> Response:
    """Send the browser back to the client. Source: RFC 6749 4.1.2; RFC 9207 (iss)."""
    answer = {
        "code": code,
        "error": error.value if error else None,
        "error_description": why,
        "state": parameters.get("state"),
        "iss": identity.issuer.url,
    }
    return RedirectResponse(with_parameters(redirect_uri, answer), 303, headers={"Cache-Control": "no-store"})


def _consent_page(
    asked: AuthorizationRequest,
    signed_in: SignedIn,
    parameters: Mapping[str, str],
    request: Request,
    identity: Identity,
    *,
    status: int = 200,
) -> Response:
    values = {
        "person": signed_in.account.display_name,
        "client_name": asked.client.name,
        "scopes": held_by_person(asked.scopes, signed_in.account.scopes),
        "returns_to": origin_of(asked.redirect_uri),
        "request_text": without_sign_in(parameters),
    }
    page = Page(
        "consent.html",
        values,
        leads_to=origin_of(asked.redirect_uri),
        path="/oauth2/authorize",
        parameters=parameters,
    )
    return render(replace(page, status=status), request, identity)
