"""The face check in the middle of a sign-in: explained, begun, waited for, taken."""

import logging

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity.api import cookies
from gateway.identity.api.dependencies import Identity, InIdentity
from gateway.identity.api.forms import PageRoute, SignInFirst, peer_of, read_own_form
from gateway.identity.api.onward import Onward, onward_of
from gateway.identity.api.pages import Page, render, told_to_wait
from gateway.identity.api.parameters import query_of, with_parameters
from gateway.identity.domain.accounts import SignInRefused, SignInTooSoon
from gateway.identity.domain.face_checks import FaceAnswer, FaceChecker, FaceCheckerAway, FaceResult
from gateway.identity.use_cases.authorize import SignedIn, who_is_signed_in
from gateway.identity.use_cases.check_face import (
    CheckedFace,
    find_check,
    keep_check,
    question_about,
    take_result,
)
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.security.strength import Strength
from shared.web.routes import InTransaction, Now

log = logging.getLogger(__name__)

router = APIRouter(prefix="/login/face", route_class=PageRoute, include_in_schema=False)

_UNDER_WAY = public("a browser comes here in the middle of a sign-in, which its session names")


@router.get("", dependencies=[_UNDER_WAY])
async def face_page(request: Request, identity: InIdentity, uow: InTransaction) -> Response:
    """Explain who compares the face, or that nobody does."""
    onward = await onward_of(query_of(request), uow)
    await _strong_enough(request, identity, onward, uow)
    return _page(request, identity, onward)


@router.post("", dependencies=[_UNDER_WAY])
async def begin(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask the checker; the transaction ends before, so that nothing waits for it."""
    form = await read_own_form(request, identity, uow)
    signed_in = await _strong_enough(request, identity, form.onward, uow)
    checker = identity.face_checker
    if checker is None:
        return _page(request, identity, form.onward)
    returns_to = with_parameters(f"{identity.issuer.url}/login/face/return", form.onward.parameters)
    joined = "&" if "?" in returns_to else "?"
    question = await question_about(signed_in, f"{returns_to}{joined}check=", uow)
    await uow.commit()
    try:
        answer = await checker.begin(question)
    except FaceCheckerAway as away:
        return _away(away, request, identity, form.onward)
    checked = CheckedFace(signed_in, question.request_id, answer, peer_of(request, identity))
    await keep_check(checked, uow, now)
    return await _go_on(checked, request, identity, form.onward, uow)


@router.get("/return", dependencies=[_UNDER_WAY])
async def come_back(request: Request, identity: InIdentity, uow: InTransaction, now: Now) -> Response:
    """Ask the checker what came of it; what the browser brings along is not believed."""
    parameters = query_of(request)
    onward = await onward_of(parameters, uow)
    signed_in = await _strong_enough(request, identity, onward, uow)
    check = await find_check(parameters.get("check", ""), signed_in, uow, now)
    checker: FaceChecker | None = identity.face_checker
    if check is None or checker is None:
        return _page(request, identity, onward, alert="face_over", status=400)
    await uow.commit()
    try:
        result = await checker.result(check.check_id)
    except FaceCheckerAway as away:
        return _away(away, request, identity, onward)
    answer = FaceAnswer(check.check_id, result)
    checked = CheckedFace(signed_in, check.request_id, answer, peer_of(request, identity))
    return await _go_on(checked, request, identity, onward, uow)


async def _strong_enough(request: Request, identity: Identity, onward: Onward, uow: UnitOfWork) -> SignedIn:
    """The face comes after two other factors, never in their place."""
    signed_in = await who_is_signed_in(cookies.session_secret(request, identity), uow, uow.now)
    if signed_in is None or signed_in.session.strength < Strength.TWO_FACTOR:
        raise SignInFirst(onward)
    return signed_in


async def _go_on(
    checked: CheckedFace, request: Request, identity: Identity, onward: Onward, uow: UnitOfWork
) -> Response:
    try:
        secret = await take_result(checked, uow, uow.now)
    except SignInRefused:
        return _page(request, identity, onward, alert="face_refused", status=403)
    except SignInTooSoon as refusal:
        return _page(request, identity, onward, alert="too_soon", status=429, seconds=refusal.seconds)
    if secret is None:
        return _waiting(checked, request, identity, onward)
    response = RedirectResponse(onward.url, 303)
    cookies.set_session(response, secret, identity)
    return response


def _waiting(checked: CheckedFace, request: Request, identity: Identity, onward: Onward) -> Response:
    """A link leads on, not a redirect: the form's policy names no other host."""
    again = with_parameters("/login/face/return", onward.parameters | {"check": str(checked.request_id)})
    is_away = checked.answer.result is FaceResult.PENDING and checked.answer.page_url is not None
    values = {"page_url": checked.answer.page_url if is_away else None, "again": again}
    return render(Page("face_waiting.html", values, path="/login/face"), request, identity)


def _away(away: FaceCheckerAway, request: Request, identity: Identity, onward: Onward) -> Response:
    log.warning("face_checker_away", extra={"reason": away.why})
    return _page(request, identity, onward, alert="face_away", status=503)


def _page(
    request: Request,
    identity: Identity,
    onward: Onward,
    *,
    alert: str | None = None,
    status: int = 200,
    seconds: int = 0,
) -> Response:
    checker = identity.face_checker
    values = {
        "alert": alert,
        "seconds": seconds,
        "onward": onward.parameters,
        "is_offered": checker is not None,
        "is_demonstration": checker is not None and checker.is_demonstration,
    }
    status = status if checker is not None else 503
    page = Page("face.html", values, status, onward.leads_to, "/login/face", onward.parameters)
    return told_to_wait(render(page, request, identity), seconds)
