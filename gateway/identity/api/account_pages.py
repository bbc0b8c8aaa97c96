"""The account page: who I am, my sessions, what I allowed to applications, what happened; and the password."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import PageRoute, SignInFirst, peer_of, read_own_form, signed_in_here
from gateway.identity.api.onward import Onward, OwnPage
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.domain.account_refusals import ConsentNotFound, SessionNotFound
from gateway.identity.domain.accounts import SignInRefused, SignInTooSoon
from gateway.identity.store.account_events import AccountEventStore
from gateway.identity.store.accounts import AccountStore
from gateway.identity.store.second_factors import SecondFactorStore
from gateway.identity.store.sessions import SessionStore
from gateway.identity.use_cases.authorize import SignedIn
from gateway.identity.use_cases.own_account import end_other_sessions, end_session, withdraw_consent
from gateway.identity.use_cases.replace_password import (
    ChangePassword,
    PasswordNotAccepted,
    change_password,
)
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.citizen_id import mask_citizen_id
from shared.security.access import public
from shared.security.masking import mask_middle
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=PageRoute, include_in_schema=False)

OWN_SESSION = public("the session's cookie says who it is; these pages take no token")
_EVENTS_SHOWN: Final = 20
_CIVIL: Final = ZoneInfo("Asia/Shanghai")


@router.get("/account", dependencies=[OWN_SESSION])
async def account_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Show the account."""
    signed_in = await signed_in_here(request, identity, OwnPage.ACCOUNT, uow, now)
    values = await _account(signed_in, uow, now)
    return render(Page("account.html", values, path="/account"), request, identity)


@router.post("/account/sessions", dependencies=[OWN_SESSION])
async def end_sessions(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """End one session, or all but this one."""
    form = await read_own_form(request, identity, uow)
    signed_in = await signed_in_here(request, identity, OwnPage.ACCOUNT, uow, now)
    session_id = form.text("session_id", 64)
    if session_id:
        with suppress(SessionNotFound):  # ended already, in another window: what the person wanted holds
            await end_session(signed_in.account.subject, session_id, uow, now)
    else:
        await end_other_sessions(signed_in.session, uow, now)
    return RedirectResponse("/account#sessions", 303)


@router.post("/account/consents", dependencies=[OWN_SESSION])
async def end_consent(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Take back what an application was allowed."""
    form = await read_own_form(request, identity, uow)
    signed_in = await signed_in_here(request, identity, OwnPage.ACCOUNT, uow, now)
    with suppress(ConsentNotFound):  # taken back already, in another window: what the person wanted holds
        await withdraw_consent(signed_in.account.subject, form.text("client_id", 128), uow, now)
    return RedirectResponse("/account#applications", 303)


@router.get("/account/password", dependencies=[OWN_SESSION])
async def password_page(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask for the current and a new password."""
    signed_in = await to_change(request, identity, OwnPage.PASSWORD, uow, now)
    return _password_page(request, identity, signed_in)


@router.post("/account/password", dependencies=[OWN_SESSION])
async def password(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Change the password; every other session ends."""
    form = await read_own_form(request, identity, uow)
    signed_in = await to_change(request, identity, OwnPage.PASSWORD, uow, now)
    command = ChangePassword(
        current=form.text("current_password"),
        new=form.fields.get("new_password", ""),
        peer=peer_of(request, identity),
        session=signed_in.session,
    )
    if command.new != form.fields.get("repeated", ""):
        return _password_page(request, identity, signed_in, alert="passwords_differ", status=400)
    try:
        await change_password(command, signed_in.account, identity.passwords, uow, now)
    except PasswordNotAccepted as refusal:
        return _password_page(request, identity, signed_in, alert=refusal.fault.value, status=400)
    except SignInRefused:
        return _password_page(request, identity, signed_in, alert="current_wrong", status=403)
    except SignInTooSoon as refusal:
        page = _password_page(
            request, identity, signed_in, alert="too_soon", status=429, seconds=refusal.seconds
        )
        return told_to_wait(page, refusal.seconds)
    values = {"heading": "password_set", "message": "password_changed_text", "link": "/account"}
    return render(Page("done.html", {**values, "link_text": "account"}), request, identity)


async def to_change(
    request: Request,
    identity: Identity,
    page: OwnPage,
    uow: UnitOfWork,
    now: datetime,
    *,
    request_text: str = "",
) -> SignedIn:
    """Return who may change what protects the account; raises SignInFirst for whoever signed in too long ago."""
    signed_in = await signed_in_here(request, identity, page, uow, now)
    has_one = await SecondFactorStore(uow.session).has_one(signed_in.account.subject)
    if not signed_in.session.may_change_account(now, has_second_factor=has_one):
        raise SignInFirst(Onward(request_text, page, again=True))
    return signed_in


async def _account(signed_in: SignedIn, uow: UnitOfWork, now: datetime) -> dict[str, Any]:
    account, subject = signed_in.account, signed_in.account.subject
    on_file = await AccountStore(uow.session).on_file(subject)
    factors = SecondFactorStore(uow.session)
    return {
        "username": account.username,
        "display_name": account.display_name,
        "citizen_id": mask_citizen_id(on_file.citizen_id) if on_file else "",
        "phone": mask_middle(account.phone),
        "has_second_factor": await factors.has_one(subject),
        "codes_left": await factors.recovery_codes_left(subject),
        "sessions": await SessionStore(uow.session).of_subject(subject, now),
        "current": signed_in.session.session_id,
        "consents": await AccountStore(uow.session).consents(subject),
        "events": await AccountEventStore(uow.session).newest(subject, _EVENTS_SHOWN),
        "civil": civil,
    }


def civil(at: datetime) -> str:
    """A moment as people here read it: in China's one civil time."""
    return at.astimezone(_CIVIL).strftime("%Y-%m-%d %H:%M")


def _password_page(
    request: Request,
    identity: Identity,
    signed_in: SignedIn,
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    values: dict[str, Any] = {
        "alert": alert,
        "seconds": seconds,
        "hidden": {},
        "heading": "change_password",
        "explanation": "change_password_text",
        "action": "/account/password",
        "username": signed_in.account.username,
        "asks_current": True,
    }
    return render(Page("new_password.html", values, status, None, "/account/password"), request, identity)
