"""Verification of business licences (证照核验): by identifier, by what somebody was shown, offline by the key set."""

import asyncio
import base64
import binascii
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse

from services.registration.api.dependencies import Desk
from services.registration.api.enterprises import READ_SCOPE
from services.registration.api.licence_models import KeySetOut, PresentedIn, UseCause, VerificationOut
from services.registration.api.verification_page import POLICY, render
from services.registration.domain.errors import LicenceNotFound
from services.registration.domain.licence_errors import CopyNotFound, LicenceUnreadable
from services.registration.use_cases.registrar_desk import RegistrarDesk
from services.registration.use_cases.verify_licence import (
    Asking,
    Presented,
    VerifiedLicence,
    verify_licence,
    verify_presented,
)
from shared.certificates import UnreadableFile, open_file
from shared.certificates.pdf_checking import check_file
from shared.security.access import public
from shared.security.principal import Principal
from shared.web.negotiation import prefers_html
from shared.web.openapi import refuses
from shared.web.problems import prefers_english
from shared.web.routes import CallerIfAny, InTransaction, Now, ServiceRoute

PAGES: Final = "/registration/v1/verify/"
router = APIRouter(prefix="/registration/v1", route_class=ServiceRoute, tags=["licences"])

_UNKEPT: Final = {"Vary": "Accept, Accept-Language, Authorization", "Cache-Control": "no-store"}
IdentifierPath = Annotated[str, Path(min_length=10, max_length=200, pattern=r"^[0-9A-Z.]+(-[0-9A-Z]+)?$")]
Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of the page (页面语言)")]
OPEN = public("whoever is shown a licence may verify it")


@router.get("/keys", dependencies=[OPEN], summary="Keys that sign licences (签名公钥)")
async def read_keys(desk: Desk) -> KeySetOut:
    """A JSON Web Key Set (RFC 7517): the key that signs now, then those of older licences; certificates of the PDFs."""
    return KeySetOut.of(desk.keys.published(), desk.documents.chains)


@router.get(
    "/verify/{identifier}",
    dependencies=[OPEN],
    summary="Verify a licence by its identifier (证照核验)",
    response_model=VerificationOut,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "Verified"}},
)
@refuses(LicenceNotFound, CopyNotFound)
async def verify(
    identifier: IdentifierPath,
    request: Request,
    caller: CallerIfAny,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    use_cause: Annotated[UseCause | None, Query(description="For what matter (用证事由); recorded")] = None,
    language: Language = None,
) -> Response:
    """Each check by name; a page for people where `Accept` prefers `text/html`.

    A department with `registration.enterprise.read` that states its matter gets the enterprise's basic facts too.
    """
    found = await verify_licence(identifier, _asking(caller, use_cause), uow, now, desk)
    if not prefers_html(request.headers.get("accept")):
        return JSONResponse(VerificationOut.of(found).model_dump(mode="json"), headers=_UNKEPT)
    return _page(found, request, language)


@router.post(
    "/verify/{identifier}",
    dependencies=[OPEN],
    include_in_schema=False,  # a form of the page above; machines use `POST /verify`
    openapi_extra={"x-idempotent": True},
)
async def verify_upload(
    identifier: IdentifierPath,
    request: Request,
    uow: InTransaction,
    now: Now,
    desk: Desk,
    language: Language = None,
) -> Response:
    """The page again, of the file that was sent with it."""
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get("pdf")
        content = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        presented = await asyncio.to_thread(_read_file, content, desk)
    except LicenceUnreadable:  # people are told on the page, beside what the register says of the licence
        found = await verify_licence(identifier, Asking(), uow, now, desk)
        return _page(found, request, language, unreadable=True)
    return _page(await verify_presented(presented, Asking(), uow, now, desk), request, language)


@router.post(
    "/verify",
    dependencies=[OPEN],
    summary="Verify a licence by its file (证照文件核验)",
    openapi_extra={"x-idempotent": True},
)
@refuses(LicenceUnreadable, LicenceNotFound, CopyNotFound)
async def verify_shown(
    body: PresentedIn, caller: CallerIfAny, uow: InTransaction, now: Now, desk: Desk, response: Response
) -> VerificationOut:
    """The signed content, or the PDF with every byte of it, against what was issued and what holds today."""
    response.headers["Cache-Control"] = "no-store"
    asking = _asking(caller, body.use_cause)
    presented = await asyncio.to_thread(_presented, body, desk)
    return VerificationOut.of(await verify_presented(presented, asking, uow, now, desk))


def _presented(body: PresentedIn, desk: RegistrarDesk) -> Presented:
    if body.jws is not None:
        return Presented(body.jws)
    try:
        return _read_file(base64.b64decode("".join((body.pdf or "").split()), validate=True), desk)
    except binascii.Error as error:
        raise LicenceUnreadable("it is not Base64") from error


def _read_file(content: bytes, desk: RegistrarDesk) -> Presented:
    try:
        file = open_file(content)
    except UnreadableFile as error:
        raise LicenceUnreadable(error.reason) from error
    return Presented(file.jws, check_file(file, desk.documents.trust))


def _page(
    found: VerifiedLicence, request: Request, language: str | None, *, unreadable: bool = False
) -> Response:
    english = language == "en" if language else prefers_english(request.headers.get("accept-language"))
    answer = VerificationOut.of(found).model_dump(mode="json")
    return Response(
        render(answer, english=english, unreadable=unreadable),
        media_type="text/html; charset=utf-8",
        headers={
            **_UNKEPT,
            "Content-Language": "en" if english else "zh-CN",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
        },
    )


def _asking(caller: Principal | None, use_cause: str | None) -> Asking:
    """Who asks without a token that reads the register asks as anybody does."""
    if caller is None or READ_SCOPE not in caller.scopes:
        return Asking()
    return Asking(caller, use_cause)
