"""Pages of somebody who cannot sign in: a forgotten password, and the one-time link from an operator."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import PageRoute, device_of, peer_of, read_own_form
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.api.parameters import query_of
from gateway.identity.domain.accounts import LinkNotGood, LinkPurpose, SignInRefused, SignInTooSoon
from gateway.identity.use_cases.replace_password import (
    PasswordNotAccepted,
    RecoverByCodes,
    find_link,
    recover_by_codes,
    set_password_by_link,
)
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_FORGOTTEN = public("whoever has forgotten the password has no other way in")
_LONGEST_NAME = 128


@router.get("/login/forgotten", dependencies=[_FORGOTTEN])
async def forgotten_page(request: Request, identity: InIdentity) -> Response:
    """Ask for what takes the place of the password, and say where else to go."""
    return _forgotten(request, identity, "")


@router.post("/login/forgotten", dependencies=[_FORGOTTEN])
async def forgotten(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Set a new password for whoever has the authenticator and a recovery code."""
    form = await read_own_form(request, identity, uow)
    command = RecoverByCodes(
        username=form.text("username", _LONGEST_NAME).strip(),
        one_time_code="".join(form.text("code", 64).split()),
        recovery_code=form.text("recovery_code", 64),
        new=form.fields.get("new_password", ""),
        peer=peer_of(request, identity),
        device=device_of(request),
    )
    if command.new != form.fields.get("repeated", ""):
        return _forgotten(request, identity, command.username, alert="passwords_differ", status=400)
    try:
        await recover_by_codes(command, identity.passwords, identity.sealer, uow, now)
    except PasswordNotAccepted as refusal:
        return _forgotten(request, identity, command.username, alert=refusal.fault.value, status=400)
    except SignInRefused:
        return _forgotten(request, identity, command.username, alert="not_recovered", status=403)
    except SignInTooSoon as refusal:
        return _forgotten(
            request,
            identity,
            command.username,
            alert="too_soon",
            status=429,
            seconds=refusal.seconds,
        )
    return _done(request, identity)


@router.get("/login/set-password", dependencies=[_FORGOTTEN])
async def link_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask for the new password; opening the page does not use the link up."""
    parameters = query_of(request)
    return await _link_page(request, identity, parameters, uow)


@router.post("/login/set-password", dependencies=[_FORGOTTEN])
async def link(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Set the password; the link is used up."""
    form = await read_own_form(request, identity, uow)
    new = form.fields.get("new_password", "")
    if new != form.fields.get("repeated", ""):
        return await _link_page(request, identity, form.fields, uow, alert="passwords_differ")
    try:
        await set_password_by_link(
            form.text("link", 64), new, device_of(request), identity.passwords, uow, now
        )
    except PasswordNotAccepted as refusal:
        return await _link_page(request, identity, form.fields, uow, alert=refusal.fault.value)
    return _done(request, identity)


async def _link_page(
    request: Request,
    identity: Identity,
    parameters: Mapping[str, str],
    uow: UnitOfWork,
    *,
    alert: str | None = None,
) -> Response:
    secret = parameters.get("link", "")
    if not 20 <= len(secret) <= 64:
        raise LinkNotGood
    found, account = await find_link(secret, uow, uow.now)
    values = {
        "alert": alert,
        "seconds": 0,
        "hidden": {"link": secret},
        "heading": "activate" if found.purpose is LinkPurpose.ACTIVATION else "recover",
        "explanation": "link_text",
        "action": "/login/set-password",
        "username": account.username,
        "asks_current": False,
    }
    status = 200 if alert is None else 400
    page = Page("new_password.html", values, status, None, "/login/set-password", {"link": secret})
    return render(page, request, identity)


def _forgotten(
    request: Request,
    identity: Identity,
    username: str,
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    values = {"alert": alert, "seconds": seconds, "username": username}
    page = Page("forgotten.html", values, status, None, "/login/forgotten")
    return told_to_wait(render(page, request, identity), seconds)


def _done(request: Request, identity: Identity) -> Response:
    values = {"heading": "password_set", "message": "password_set_text", "link": "/login?then=account"}
    return render(Page("done.html", {**values, "link_text": "sign_in"}), request, identity)
