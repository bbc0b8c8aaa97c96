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
    wants_fresh_sign_in,
    who_is_signed_in,
)
from gateway.identity.use_cases.push_request import take_up_request, use_request
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=ProtocolRoute, include_in_schema=False)

_BROWSER = public("a browser comes here before anybody has signed in")


@router.get("/oauth2/authorize", dependencies=[_BROWSER])
async def authorize(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Begin: sign in, ask for consent, or send the code at once."""
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    try:
        parameters = await _asked_for(query_of(request), signed_in, uow)
        client, redirect_uri = await safe_redirect(parameters, uow)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    try:
        asked = read_request(client, redirect_uri, parameters)
        step = await next_step(asked, signed_in, uow, now)
    except OAuthRefusal as refusal:
        return await _back(redirect_uri, parameters, identity, uow, error=refusal.error, why=refusal.why)
    if signed_in is None or step is NextStep.SIGN_IN:
        again = signed_in is not None and wants_fresh_sign_in(asked, signed_in.session, now)
        onward = {"request": without_sign_in(parameters), "again": "1" if again else None}
        return RedirectResponse(with_parameters("/login", onward), 303)
    if step is NextStep.CONSENT:
        return _consent_page(asked, signed_in, parameters, request, identity)
    code = await issue_code(asked, signed_in, uow, now)
    return await _back(redirect_uri, parameters, identity, uow, code=code)


@router.post("/oauth2/authorize", dependencies=[_BROWSER])
async def authorize_by_form(request: Request, identity: InIdentity) -> Response:
    """Take the same as a form, and let the browser come again: a foreign site's form brings no session cookie."""
    try:
        parameters = await form_of(request)
    except OAuthRefusal as refusal:
        return refuse_page(refusal.why, request, identity)
    return RedirectResponse(with_parameters("/oauth2/authorize", parameters), 303)


@router.post("/consent", dependencies=[_BROWSER])
async def consent(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Take the person's decision and send it to the client."""
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, now)
    try:
        form = await form_of(request)
        parameters = await _asked_for(parse_parameters(form.get("request", "")), signed_in, uow)
        client, redirect_uri = await safe_redirect(parameters, uow)
        asked = read_request(client, redirect_uri, parameters)
    except (OAuthRefusal, NoSafeRedirect) as refusal:
        return refuse_page(refusal.why, request, identity)
    if signed_in is None:
        return RedirectResponse(with_parameters("/login", {"request": without_sign_in(parameters)}), 303)
    if not cookies.comes_from_our_page(request, form.get("form_token", ""), identity):
        return _consent_page(asked, signed_in, parameters, request, identity, status=403)
    if form.get("decision") != "allow":
        why = "the person did not allow it"
        return await _back(redirect_uri, parameters, identity, uow, error=OAuthError.ACCESS_DENIED, why=why)
    try:
        code = await issue_code(asked, signed_in, uow, now)
    except OAuthRefusal as refusal:
        return await _back(redirect_uri, parameters, identity, uow, error=refusal.error, why=refusal.why)
    return await _back(redirect_uri, parameters, identity, uow, code=code)


async def _asked_for(
    parameters: Mapping[str, str], signed_in: SignedIn | None, uow: UnitOfWork
) -> Mapping[str, str]:
    """Return what a client asks for: what the browser brings, or what was pushed before under the `request_uri`.

    Of a pushed request the browser's word counts for nothing; a sign-in that it demands is over once the person
    has signed in since the browser first came with it. Raises: OAuthRefusal, NoSafeRedirect.
    """
    request_uri = parameters.get("request_uri")
    if request_uri is None:
        return parameters
    taken = await take_up_request(request_uri, parameters.get("client_id", ""), uow)
    pushed = parse_parameters(taken.parameters)
    if signed_in is not None and signed_in.session.authenticated_at >= taken.begun_at:
        pushed = parse_parameters(without_sign_in(pushed))
    return {**pushed, "request_uri": request_uri}


async def safe_redirect(parameters: Mapping[str, str], uow: UnitOfWork) -> tuple[Client, str]:
    """Return the client and where its answer may be sent; raises NoSafeRedirect."""
    client = await ClientStore(uow.session).find_served(parameters.get("client_id", ""), uow.now)
    redirect_uri = redirect_target(client, parameters)
    if client is None:
        raise NoSafeRedirect("client_id")
    return client, redirect_uri


def refuse_page(why: str, request: Request, identity: Identity) -> Response:
    """Tell the person, and nobody else, that a request cannot be answered."""
    values = {"heading": "error", "message": "error_text", "reason": why}
    return render(Page("message.html", values, status=400), request, identity)


async def _back(
    redirect_uri: str,
    parameters: Mapping[str, str],
    identity: Identity,
    uow: UnitOfWork,
    *,
    code: str | None = None,
    error: OAuthError | None = None,
    why: str | None = None,
) -> Response:
    """Send the browser back to the client; a pushed request is answered with it.

    Source: RFC 6749 4.1.2; RFC 9207 (iss); RFC 9126 section 4.
    """
    if "request_uri" in parameters:
        await use_request(parameters["request_uri"], uow)
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
