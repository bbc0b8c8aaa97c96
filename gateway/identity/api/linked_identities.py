"""The identities at upper platforms that sign in to an account, on pages of its holder."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api.account_pages import OWN_SESSION, civil, to_change
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import PageRoute, read_own_form, signed_in_here
from gateway.identity.api.onward import OwnPage
from gateway.identity.api.outside import InOutside
from gateway.identity.api.pages import Page, render, speaks_english
from gateway.identity.store.linked_identities import LinkedIdentityStore
from gateway.identity.use_cases.authorize import SignedIn
from gateway.identity.use_cases.outside_identities import OutsideIdentities
from gateway.identity.use_cases.sign_in_through_platform import unlink_identity
from shared.database.unit_of_work import UnitOfWork
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/account/identities", dependencies=[OWN_SESSION])
async def identities_page(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """List them."""
    signed_in = await signed_in_here(request, identity, OwnPage.IDENTITIES, uow, now)
    return await _page(request, identity, outside, signed_in, uow)


@router.post("/account/identities", dependencies=[OWN_SESSION])
async def unlink(
    request: Request, identity: InIdentity, outside: InOutside, uow: InTransaction, now: Now
) -> Response:
    """Take one away, unless it is the only way in."""
    form = await read_own_form(request, identity, uow)
    signed_in = await to_change(request, identity, OwnPage.IDENTITIES, uow, now)
    if await unlink_identity(signed_in.account, form.text("issuer", 500), uow, now):
        return RedirectResponse("/account/identities", 303)
    return await _page(request, identity, outside, signed_in, uow, alert="only_way_in")


async def _page(
    request: Request,
    identity: Identity,
    outside: OutsideIdentities,
    signed_in: SignedIn,
    uow: UnitOfWork,
    *,
    alert: str | None = None,
) -> Response:
    english = speaks_english(request, identity)
    names = {each.issuer: each.names.of(english) for each in outside.providers.vouchers}
    linked = await LinkedIdentityStore(uow.session).of_account(signed_in.account.subject)
    identities = [
        {
            "issuer": each.issuer,
            "name": names.get(each.issuer, each.issuer),
            "linked_at": civil(each.linked_at),
            "last_used_at": civil(each.last_used_at),
        }
        for each in linked
    ]
    values = {"identities": identities, "alert": alert}
    page = Page("identities.html", values, status=409 if alert else 200, path="/account/identities")
    return render(page, request, identity)
