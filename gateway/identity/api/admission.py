"""Goes on from what was proven: to the next page that asks, or into the session and on."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity
from gateway.identity.api.forms import browser_of
from gateway.identity.api.onward import Onward
from gateway.identity.use_cases.admit import (
    Proven,
    begin_session,
    leave_pending,
    needs_code,
    take_pending,
)
from shared.database.unit_of_work import UnitOfWork


async def go_on(
    proven: Proven, onward: Onward, request: Request, identity: Identity, uow: UnitOfWork
) -> Response:
    """Ask for the code of an account that has a second factor, for a new password where one is demanded;
    else begin the session and send the browser on."""
    before = cookies.pending_secret(request, identity)
    if before:
        await take_pending(before, uow)
    missing = await _missing_page(proven, uow)
    if missing is not None:
        response = RedirectResponse(onward.through(missing), 303)
        cookies.set_pending(response, await leave_pending(proven, uow, uow.now), identity)
        return response
    browser = await browser_of(request, identity, uow, uow.now)
    response = RedirectResponse(onward.url, 303)
    cookies.set_session(response, await begin_session(proven, browser, uow, uow.now), identity)
    cookies.forget_pending(response, identity)
    return response


async def _missing_page(proven: Proven, uow: UnitOfWork) -> str | None:
    if await needs_code(proven, uow):
        return "/login/code"
    return "/login/new-password" if proven.account.must_change_password else None
